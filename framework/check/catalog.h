// The list of plugins and their descriptions, as text for users.
#ifndef NABLA_FRAMEWORK_CHECK_CATALOG_H_
#define NABLA_FRAMEWORK_CHECK_CATALOG_H_

#include <string>
#include <vector>

#include "framework/check/conformance.h"
#include "framework/check/plugin_facts.h"
#include "framework/plugin/registry.h"

namespace nabla {

// The plugin with this "kind/name", or with this bare name if only one kind has it. Throws
// InputError that suggests the nearest names.
PluginId FindPlugin(const Registry& registry, const std::string& text);
// The same, but a kind's name means the whole kind.
PluginId FindPluginOrKind(const Registry& registry, const std::string& text);

// Every plugin of a kind, or of all kinds (""). Throws InputError for an unknown kind.
std::vector<PluginId> PluginsOf(const Registry& registry, const std::string& kind);

// One line per plugin of a kind, or of all kinds (""): its name, origin and description. Throws
// InputError for an unknown kind.
std::string ListPlugins(const Registry& registry, const std::string& kind);

// The same as JSON: a list of {"kind", "name", "origin", "description"}.
std::string ListPluginsJson(const Registry& registry, const std::string& kind);

// Everything about one plugin, and an example in YAML.
std::string DescribePlugin(const Registry& registry, const PluginId& id);
// The same as JSON; parameters have "name", "type", "description", "required", and where they have
// them "choices", "bounds", "unit", "default" (as in a file) and "parameters" of their own.
std::string DescribePluginJson(const Registry& registry, const PluginId& id);

// One line per plugin, followed by the checks that failed.
std::string CheckReport(const std::vector<CheckResult>& results);
// Every check, as a list of {"kind", "name", "check", "passed", "message"}.
std::string CheckReportJson(const std::vector<CheckResult>& results);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_CATALOG_H_
