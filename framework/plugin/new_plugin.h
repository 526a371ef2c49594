// Writes the source file of a new plugin, complete and commented.
#ifndef NABLA_FRAMEWORK_PLUGIN_NEW_PLUGIN_H_
#define NABLA_FRAMEWORK_PLUGIN_NEW_PLUGIN_H_

#include <string>
#include <vector>

namespace nabla {

struct NewPlugin {
  std::string kind;
  std::string name;       // "my_swish"
  std::string workspace;  // the folder of nabla's sources; "" if there are none
  std::string out;        // the user's own folder; "" = the workspace's plugins/<kind>
};

// Writes plugins/<kind>/<name>.cc into the workspace, or <name>.cc into `out` together with what
// Bazel needs there (WORKSPACE, BUILD, .bazelrc; existing ones are kept). Without a workspace it
// writes only the source, and `out` must be given. Returns the paths written, the source first.
// Throws InputError for an unknown kind, an invalid name (allowed: a-z, 0-9, _) and a source file
// that exists; RunError if a file cannot be written.
std::vector<std::string> WriteNewPlugin(const NewPlugin& plugin);

// The source text of a plugin of this kind and name.
std::string NewPluginSource(const std::string& kind, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_NEW_PLUGIN_H_
