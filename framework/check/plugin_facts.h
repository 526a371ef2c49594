// What the registry knows about a plugin of any kind.
#ifndef NABLA_FRAMEWORK_CHECK_PLUGIN_FACTS_H_
#define NABLA_FRAMEWORK_CHECK_PLUGIN_FACTS_H_

#include <string>

#include "framework/plugin/registry.h"

namespace nabla {

struct PluginId {
  std::string kind;
  std::string name;  // "" = every plugin of the kind
};

struct PluginFacts {
  PluginInfo info;
  std::string origin;
  const FieldTable* fields = nullptr;
  Node defaults;  // of every field
};

// Of a single plugin that the registry has.
PluginFacts FactsOf(const Registry& registry, const PluginId& id);

// A value as a file may hold it, in one line: "[1, 2]".
std::string OneLine(const Node& node);

// The default of a field, as OneLine; "" where it has none.
std::string DefaultText(const Field& field, const Node& defaults);

// An excerpt of an experiment file that shows where the plugin goes; every line ends with '\n'.
std::string ExampleText(const Registry& registry, const PluginId& id);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_PLUGIN_FACTS_H_
