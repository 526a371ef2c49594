#include "framework/spec/schema.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "framework/spec/spec.h"

namespace nabla {
namespace {

using Json = nlohmann::ordered_json;

Json Reference(const std::string& definition) { return {{"$ref", "#/definitions/" + definition}}; }

bool IsKind(const std::string& type) {
  const auto& kinds = Registry::Kinds();
  return std::find(kinds.begin(), kinds.end(), type) != kinds.end();
}

// `defaults` is the printed struct; a key that is null in it may be null.
Json TableSchema(const FieldTable& table, const Node& defaults);

void AddBounds(const FieldDoc& doc, Json* schema) {
  if (std::isfinite(doc.min)) {
    (*schema)[doc.above_min ? "exclusiveMinimum" : "minimum"] = doc.min;
  }
  if (std::isfinite(doc.max)) {
    (*schema)[doc.below_max ? "exclusiveMaximum" : "maximum"] = doc.max;
  }
}

Json ListOf(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

// The schema of a value of the type that Field::Type names, without lists around it.
Json ScalarSchema(const Field& field, const std::string& type, const Node& fallback) {
  if (IsKind(type)) return Reference(type);
  if (const FieldTable* inside = field.Inside()) return TableSchema(*inside, fallback);
  if (const auto choices = field.Choices(); !choices.empty()) return {{"enum", choices}};
  if (type == "epochs") return {{"type", {"integer", "string", "array"}}};
  if (type == "bool") return {{"type", "boolean"}};
  if (type == "map") return {{"type", "object"}};
  if (type == "printed number") return {{"type", {"number", "string"}}};  // 0.9213 or 92.13%
  if (type == "text") return {{"type", {"string", "number", "boolean"}}};
  if (type == "integer" || type == "number") {
    Json schema = {{"type", type}};
    AddBounds(field.doc(), &schema);
    return schema;
  }
  // A type with its own syntax, such as the epochs 1..10.
  return Json::object();
}

Json ValueSchema(const Field& field, const std::string& type, const Node& fallback) {
  const std::string list = "list of ";
  if (type.starts_with(list)) return ListOf(ValueSchema(field, type.substr(list.size()), Node()));
  // "integer or [vertical, horizontal]": a scalar or any list.
  if (const size_t at = type.find(" or "); at != std::string::npos) {
    return {{"anyOf", {ScalarSchema(field, type.substr(0, at), fallback), {{"type", "array"}}}}};
  }
  return ScalarSchema(field, type, fallback);
}

std::string Description(const FieldDoc& doc) {
  return *doc.unit == 0 ? doc.doc : std::string(doc.doc) + " (in " + doc.unit + ")";
}

Json FieldSchema(const Field& field, const Node* fallback) {
  Json schema = ValueSchema(field, field.Type(), fallback == nullptr ? Node() : *fallback);
  const bool optional = fallback != nullptr && fallback->IsNull() && !field.doc().required;
  // Draft 7 ignores other keywords beside a $ref.
  if (optional && !schema.empty()) {
    schema = {{"anyOf", {{{"type", "null"}}, std::move(schema)}}};
  } else if (schema.contains("$ref")) {
    schema = {{"allOf", Json::array({std::move(schema)})}};
  }
  schema["description"] = Description(field.doc());
  return schema;
}

Json TableSchema(const FieldTable& table, const Node& defaults) {
  Json schema = {{"type", "object"}, {"properties", Json::object()}};
  Json required = Json::array();
  for (const auto& field : table.fields()) {
    schema["properties"][field->name()] = FieldSchema(*field, defaults.Find(field->name()));
    if (field->doc().required) required.push_back(field->name());
  }
  if (!required.empty()) schema["required"] = required;
  schema["additionalProperties"] = false;
  return schema;
}

// The schema of a plugin that is written as a map.
template <typename I>
Json PluginSchema(const Entry<I>& entry) {
  const Instance<I> instance = entry.make();
  const Json fields = TableSchema(*instance.fields, instance.fields->Print(instance.self));
  std::string description = entry.info.doc;
  if (*entry.info.formula != 0) description += std::string("\n") + entry.info.formula;
  Json schema = {{"description", description}, {"type", "object"}};
  schema["properties"]["name"] = {{"const", entry.info.name}};
  schema["properties"].update(fields["properties"]);
  if (std::string_view(I::kKind) == Dataset::kKind && !fields["properties"].contains("target")) {
    schema["properties"]["target"] = {
        {"const", "input"}, {"description", "for an autoencoder: each row is its own target"}};
  }
  schema["required"] = Json::array({"name"});
  if (fields.contains("required")) {
    for (const Json& name : fields["required"]) schema["required"].push_back(name);
  }
  schema["additionalProperties"] = false;
  return schema;
}

// Adds the schema of any plugin of a kind: a map, or a bare name if no parameter is required.
template <typename I>
void AddKind(const Registry& registry, Json* definitions) {
  Json any = Json::array();
  const std::string kind = I::kKind;
  for (const std::string& name : registry.table<I>().Names()) {
    const Entry<I>& entry = *registry.table<I>().Find(name);
    Json plugin = PluginSchema(entry);
    if (plugin["required"].size() == 1) {
      any.push_back({{"const", name}, {"description", plugin["description"]}});
    }
    any.push_back(Reference(kind + "." + name));
    (*definitions)[kind + "." + name] = std::move(plugin);
  }
  // In a list of layers, an activation's name means the layer that applies it.
  if (kind == "layer") any.push_back(Reference("activation"));
  (*definitions)[kind] = {{"anyOf", std::move(any)}};
}

}  // namespace

std::string ExperimentSchema(const Registry& registry) {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "a nabla experiment"}};
  schema.update(TableSchema(ExperimentFields(), ExperimentDefaults()));
  for (const std::string& kind : Registry::Kinds()) {
    VisitKind<float>(kind,
                     [&]<typename I>(const I*) { AddKind<I>(registry, &schema["definitions"]); });
  }
  return schema.dump(2) + "\n";
}

}  // namespace nabla
