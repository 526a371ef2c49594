#include "framework/spec/field_at.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "framework/config/path.h"
#include "framework/config/tree.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

// "layer" of "list of layer".
std::string ElementType(const Field& field) {
  const std::string type = field.Type();
  return type.substr(type.rfind(' ') + 1);
}

// 2 for "list of list of layer".
size_t ListDepth(const Field& field) {
  const std::string type = field.Type();
  size_t depth = 0;
  for (size_t at = 0; type.compare(at, 8, "list of ") == 0; at += 8) ++depth;
  return field.IsList() ? std::max<size_t>(depth, 1) : 0;
}

// Of the plugin that `config` names; nullptr if there is none.
const FieldTable* PluginFields(const std::string& kind, const Node& config,
                               const Registry& registry) {
  const Node* name = config.Find("name");
  const FieldTable* fields = nullptr;
  VisitKind<float>(kind, [&]<typename I>(const I*) {
    const Entry<I>* entry = registry.table<I>().Find(name == nullptr ? config.text : name->text);
    if (entry != nullptr) fields = entry->make().fields;
  });
  // In a list of layers an activation's name is the layer that applies it.
  if (fields == nullptr && kind == "layer") return PluginFields("activation", config, registry);
  return fields;
}

}  // namespace

const Field* FieldAt(const Node& tree, const std::string& path, const Registry& registry) {
  const FieldTable* table = &ExperimentFields();
  const Field* field = nullptr;
  const Node* node = &tree;  // nullptr where the tree says nothing
  size_t lists = 0;          // that the next step goes into
  const std::vector<std::string_view> steps = PathSteps(path);
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::string step(steps[i]);
    const bool of_list = lists > 0;
    if (!of_list && (field = table->Find(step)) == nullptr) return nullptr;
    if (node != nullptr) node = of_list == node->IsList() ? Child(*node, step) : nullptr;
    lists = of_list ? lists - 1 : ListDepth(*field);
    if (lists > 0) continue;
    table = field->Inside();
    if (table == nullptr && node != nullptr) {
      table = PluginFields(ElementType(*field), *node, registry);
    }
    if (table == nullptr) return i + 1 == steps.size() && !of_list ? field : nullptr;
  }
  return field;
}

}  // namespace nabla
