// Loads libraries of plugins (.so) that the user named, and no others.
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

  // Registers every plugin of the library `path`; does nothing for one that is loaded already.
  // Throws InputError and leaves the registry as it was if there is no such file, it is no
  // library, it was built for another ABI (framework/plugin/abi.h), its entry is missing, throws or
  // registers nothing, or one of its plugins has a name that is taken. No code of a library runs,
  // static constructors neither, before its file has shown its ABI.
  void Load(const std::string& path);

 private:
  std::string folder_;
  Registry& registry_;
  std::set<std::string> loaded_;  // canonical paths
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_LOADER_H_
