// Loads the libraries of plugins (.so) that the user names, and no others.
#ifndef NABLA_FRAMEWORK_PLUGIN_LOADER_H_
#define NABLA_FRAMEWORK_PLUGIN_LOADER_H_

#include <set>
#include <string>
#include <utility>

#include "framework/plugin/registry.h"

namespace nabla {

// Libraries stay loaded until the process ends, since the registry points into their code.
class PluginLoader {
 public:
  // Relative paths start from `folder`. The registry must outlive this.
  PluginLoader(std::string folder, Registry& registry)
      : folder_(std::move(folder)), registry_(registry) {}

  // Registers every plugin of the library `path`; does nothing if it is already loaded.
  // Throws InputError and leaves the registry unchanged if there is no such file, it is not a
  // library, it was built for another ABI (framework/plugin/abi.h), its entry is missing, throws or
  // registers nothing, or the name of one of its plugins is taken. Checks the ABI in the file
  // before any code of the library runs, including static constructors.
  void Load(const std::string& path);

 private:
  std::string folder_;
  Registry& registry_;
  std::set<std::string> loaded_;  // canonical paths
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_LOADER_H_
