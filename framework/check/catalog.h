// What plugins there are and what each of them is, as text for users.
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

// The plugin that "kind/name" means, or a bare name that only one kind has. Throws InputError with
// the nearest names.
PluginId FindPlugin(const Registry& registry, const std::string& text);
// The same, or the kind that the text names.
PluginId FindPluginOrKind(const Registry& registry, const std::string& text);

// A line a plugin, of one kind or of all (""): name, where it comes from, what it is. Throws
// InputError for an unknown kind.
std::string ListPlugins(const Registry& registry, const std::string& kind);

// Everything about one plugin, and an example in YAML.
std::string DescribePlugin(const Registry& registry, const PluginId& id);

// Results of checks: a line a plugin, and below it each check that failed.
std::string CheckReport(const std::vector<CheckResult>& results);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_CATALOG_H_
