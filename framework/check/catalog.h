// The list of plugins and their descriptions, as text for users.
#ifndef NABLA_FRAMEWORK_CHECK_CATALOG_H_
#define NABLA_FRAMEWORK_CHECK_CATALOG_H_

#include <string>
#include <vector>

#include "framework/check/conformance.h"
#include "framework/plugin/registry.h"

namespace nabla {

struct PluginId {
  std::string kind;
  std::string name;  // "" = every plugin of the kind
};

// The plugin with this "kind/name", or with this bare name if only one kind has it. Throws
// InputError that suggests the nearest names.
PluginId FindPlugin(const Registry& registry, const std::string& text);
// The same, but a kind's name means the whole kind.
PluginId FindPluginOrKind(const Registry& registry, const std::string& text);

// One line per plugin of a kind, or of all kinds (""): its name, origin and description. Throws
// InputError for an unknown kind.
std::string ListPlugins(const Registry& registry, const std::string& kind);

// Everything about one plugin, and an example in YAML.
std::string DescribePlugin(const Registry& registry, const PluginId& id);

// One line per plugin, followed by the checks that failed.
std::string CheckReport(const std::vector<CheckResult>& results);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_CATALOG_H_
