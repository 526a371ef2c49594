// The JSON of catalog.h.
#include <nlohmann/json.hpp>

#include "framework/check/catalog.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

Json ParametersJson(const FieldTable& table, const Node& defaults) {
  Json list = Json::array();
  for (const auto& field : table.fields()) {
    const FieldDoc& doc = field->doc();
    Json json = {{"name", field->name()},
                 {"type", field->Type()},
                 {"description", doc.doc},
                 {"required", doc.required}};
    if (const auto choices = field->Choices(); !choices.empty()) json["choices"] = choices;
    if (const std::string bounds = doc.Bounds(); !bounds.empty()) json["bounds"] = bounds;
    if (*doc.unit != 0) json["unit"] = doc.unit;
    const std::string fallback = DefaultText(*field, defaults);
    if (!fallback.empty()) json["default"] = fallback;
    if (const FieldTable* inside = field->Inside()) {
      const Node* value = defaults.Find(field->name());
      json["parameters"] = ParametersJson(*inside, value == nullptr ? Node() : *value);
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json PluginJson(const PluginId& id, const PluginFacts& facts) {
  return {{"kind", id.kind},
          {"name", id.name},
          {"origin", facts.origin},
          {"description", facts.info.doc}};
}

// Origins are paths, which may hold any bytes.
std::string Text(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string ListPluginsJson(const Registry& registry, const std::string& kind) {
  Json list = Json::array();
  for (const PluginId& id : PluginsOf(registry, kind)) {
    list.push_back(PluginJson(id, FactsOf(registry, id)));
  }
  return Text(list);
}

std::string DescribePluginJson(const Registry& registry, const PluginId& id) {
  const PluginFacts facts = FactsOf(registry, id);
  Json json = PluginJson(id, facts);
  json["formula"] = facts.info.formula;
  json["parameters"] = ParametersJson(*facts.fields, facts.defaults);
  json["example"] = ExampleText(registry, id);
  return Text(json);
}

std::string CheckReportJson(const std::vector<CheckResult>& results) {
  Json list = Json::array();
  for (const CheckResult& r : results) {
    list.push_back({{"kind", r.kind},
                    {"name", r.name},
                    {"check", r.check},
                    {"passed", r.passed},
                    {"message", r.message}});
  }
  return Text(list);
}

}  // namespace nabla
