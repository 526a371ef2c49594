#include "tests/docs/reference.h"

#include <fmt/format.h>

#include "framework/check/example_config.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

constexpr const char* kIntroduction = R"(# Experiment files

Every key and every built-in plugin. This page is made from the tables that parse the files;
`bazel run //tests/docs:generate > docs/experiments.md` writes it again.

A plugin is written as its bare name or as a map with `name:` and its parameters. An
activation's name in `model` is a layer. What is left out has the default that stands here;
"none" means that there is no value. Text with `: ` or ` #` in it needs quotes. Numbers are
decimal: no `0x10`, `010` or `1_000`. Anchors, aliases, tags and second documents are refused,
and so are files of more than 1 MiB, 60000 keys and values or 32 levels.
What to do with a file: [README](../README.md); how to come to one: [tutorial](tutorial.md).
)";

// Inside a table a bar would end the cell.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

// A node as it is written within a line.
std::string Inline(const Node& node) {
  std::string text = PrintYaml(Node::List({node}));
  text.pop_back();
  // A list of one is "[x]" or "- x".
  return text.front() == '[' ? text.substr(1, text.size() - 2) : text.substr(2);
}

std::string TypeText(const Field& field) {
  const std::vector<std::string> choices = field.Choices();
  const std::string type = field.Type();
  // "balanced or [weight, ...]": the words are not all that may be written.
  if (choices.empty() || type.find(" or ") != std::string::npos) return type;
  return (field.IsList() ? "list of " : "") + fmt::format("{}", fmt::join(choices, ", "));
}

// Whether it is a section, and not a list of sections.
bool IsSection(const Field& field) { return field.Inside() != nullptr && !field.IsList(); }

std::string DefaultText(const Field& field, const Node* value) {
  if (field.doc().required) return "required";
  if (IsSection(field)) return "";
  return value == nullptr || value->IsNull() ? "none" : "`" + Inline(*value) + "`";
}

std::string MeaningText(const FieldDoc& doc) {
  return *doc.unit == 0 ? doc.doc : fmt::format("{} (in {})", doc.doc, doc.unit);
}

std::string FieldTableText(const FieldTable& table, const Node& defaults) {
  std::string text = "| key | type | default | bounds | |\n| --- | --- | --- | --- | --- |\n";
  for (const auto& field : table.fields()) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", field->name(), Cell(TypeText(*field)),
                        Cell(DefaultText(*field, defaults.Find(field->name()))),
                        Cell(field->doc().Bounds()), Cell(MeaningText(field->doc())));
  }
  return text;
}

// A section with every default, also of one that is left out by default, or in it.
Node SectionDefaults(const Field& field, void* object, const PluginMaker* maker) {
  Problems ignored;  // of keys that are required
  Node empty = Node::Map();
  for (const auto& inner : field.Inside()->fields()) {
    if (IsSection(*inner)) empty.Set(inner->name(), Node::Map());
  }
  field.Parse(object, field.IsList() ? Node::List({empty}) : empty, {ignored, maker});
  const Node section = field.Print(object);
  return field.IsList() ? section.items.at(0) : section;
}

// The tables of a table's sections, each under its key. Changes `object`, which the fields belong
// to.
std::string SectionTexts(const FieldTable& table, void* object, const PluginMaker* maker) {
  std::string text;
  for (const auto& field : table.fields()) {
    const FieldTable* inside = field->Inside();
    if (inside == nullptr) continue;
    const Node defaults = SectionDefaults(*field, object, maker);
    text += fmt::format("\n### `{}`\n\n{}{}\n\n{}", field->name(),
                        field->IsList() ? "A list of maps: " : "", MeaningText(field->doc()),
                        FieldTableText(*inside, defaults));
    for (const auto& inner : inside->fields()) {
      if (!IsSection(*inner)) continue;
      text += fmt::format("\n### `{}.{}`\n\n{}\n\n{}", field->name(), inner->name(),
                          MeaningText(inner->doc()),
                          FieldTableText(*inner->Inside(), *defaults.Find(inner->name())));
    }
  }
  return text;
}

std::string MetricTexts() {
  std::string text = "\n## Metrics of an epoch\n\n| metric | | formula |\n| --- | --- | --- |\n";
  for (const auto& [metric, name] : EnumNames<MetricName>::kNames) {
    const MetricDoc doc = DocOf(metric);
    text += fmt::format("| `{}` | {} | {} |\n", name, Cell(doc.doc), Cell(doc.formula));
  }
  return text;
}

template <typename I>
std::string PluginText(const Registry& registry, const Entry<I>& entry) {
  const Instance<I> instance = entry.make();
  const std::string kind = I::kKind;
  std::string text = fmt::format("\n### {} `{}`\n\n{}\n", kind, entry.info.name, entry.info.doc);
  if (*entry.info.formula != 0) text += fmt::format("\n    {}\n", entry.info.formula);
  if (instance.fields->fields().empty()) {
    text += "\nNo parameters.";
  } else {
    const Node defaults = instance.fields->Print(instance.self);
    text += "\n" + FieldTableText(*instance.fields, defaults);
    text += "\nExample: `" + Inline(ExampleConfig(registry, kind, entry.info.name)) + "`.";
  }
  return text + fmt::format(" Origin: {}, [source](../plugins/{}/{}.cc).\n", entry.origin, kind,
                            entry.info.name);
}

template <typename I>
std::string KindText(const Registry& registry) {
  const std::string kind = I::kKind;
  std::string text = fmt::format("\n## Plugins: {}\n", kind);
  for (const std::string& name : registry.table<I>().Names()) {
    text += PluginText(registry, *registry.table<I>().Find(name));
  }
  return text;
}

}  // namespace

std::string ExperimentReference(const Registry& registry) {
  ExperimentSpec<float> spec;
  std::string text = std::string(kIntroduction) + "\n## Keys\n\n";
  text += FieldTableText(ExperimentFields(), ExperimentDefaults());
  text += SectionTexts(ExperimentFields(), &spec, registry.Maker<float>().get());
  text += MetricTexts();
  for (const std::string& kind : Registry::Kinds()) {
    VisitKind<float>(kind, [&]<typename I>(const I*) { text += KindText<I>(registry); });
  }
  return text;
}

}  // namespace nabla
