#include "framework/check/plugin_facts.h"

#include "framework/check/example_config.h"

namespace nabla {

PluginFacts FactsOf(const Registry& registry, const PluginId& id) {
  PluginFacts facts;
  VisitKind<float>(id.kind, [&]<typename I>(const I*) {
    const Entry<I>* entry = registry.table<I>().Find(id.name);
    const Instance<I> instance = entry->make();
    facts = {entry->info, entry->origin, instance.fields, instance.fields->Print(instance.self)};
  });
  return facts;
}

std::string OneLine(const Node& node) {
  std::string text = PrintYaml(Node::List({node}));
  // A list with one item prints as "[x]" or "- x"; strip the list syntax.
  text.pop_back();
  return text.front() == '[' ? text.substr(1, text.size() - 2) : text.substr(2);
}

std::string DefaultText(const Field& field, const Node& defaults) {
  const Node* value = defaults.Find(field.name());
  const bool none = field.doc().required || value == nullptr || value->IsNull();
  return none ? "" : OneLine(*value);
}

std::string ExampleText(const Registry& registry, const PluginId& id) {
  const Node config = ExampleConfig(registry, id.kind, id.name);
  const std::string example = config.entries.size() == 1 ? id.name : OneLine(config);
  if (id.kind == "layer" || id.kind == "activation") return "model:\n  - " + example + "\n";
  if (id.kind == "metric") return "metrics:\n  - " + example + "\n";
  if (id.kind == "initializer") {
    return "model:\n  - {name: linear, units: 10, weight: " + example + "}\n";
  }
  return id.kind + ": " + example + "\n";
}

}  // namespace nabla
