#include "framework/spec/commented_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "framework/spec/spec.h"

namespace nabla {
namespace {

// What the registry knows about a plugin.
struct PluginFacts {
  PluginInfo info{};
  const FieldTable* fields = nullptr;
};

class Printer {
 public:
  explicit Printer(const Registry& registry) : registry_(registry) {}

  // Prints every entry of a map, each below its comment.
  void Entries(const Node& map, const FieldTable& table, const std::string& pad) {
    for (const Node::Entry& entry : map.entries) {
      const Field& field = *table.Find(entry.key);
      Comment(pad, Explain(field));
      Value(pad + entry.key + ":", entry.value, &field, pad);
    }
  }

  std::string text;

 private:
  static std::string Explain(const Field& field) {
    const FieldDoc& doc = field.doc();
    std::string line = doc.doc;
    if (*doc.unit != 0) line += fmt::format("; in {}", doc.unit);
    if (const std::string bounds = doc.Bounds(); !bounds.empty()) line += "; " + bounds;
    const std::vector<std::string> choices = field.Choices();
    if (!choices.empty()) line += fmt::format("; {}", fmt::join(choices, ", "));
    return line;
  }

  void Comment(const std::string& pad, const std::string& line) {
    text += pad + "# ";
    for (const char c : line) text += c == '\n' ? "\n" + pad + "# " : std::string(1, c);
    text += '\n';
  }

  // The type without "list of ".
  static std::string ElementType(const Field& field) {
    const std::string type = field.Type();
    return type.substr(type.rfind(' ') == std::string::npos ? 0 : type.rfind(' ') + 1);
  }

  PluginFacts FactsOf(const std::string& kind, const Node& config) const {
    PluginFacts facts;
    VisitKind<float>(kind, [&]<typename I>(const I*) {
      const Entry<I>* entry = registry_.table<I>().Find(PluginName(config));
      if (entry != nullptr) facts = {entry->info, entry->make().fields};
    });
    // In a list of layers, an activation's name means the layer that applies it.
    if (facts.fields == nullptr && kind == "layer") return FactsOf("activation", config);
    return facts;
  }

  // Prints a value after "key:" or "-", with nested values indented below it.
  void Value(const std::string& head, const Node& value, const Field* field,
             const std::string& pad) {
    const std::string type = ElementType(*field);
    const auto& kinds = Registry::Kinds();
    const bool plugin = std::find(kinds.begin(), kinds.end(), type) != kinds.end();
    if (value.IsList() && !value.items.empty() && (plugin || field->Inside() != nullptr)) {
      text += head + "\n";
      Items(value, *field, plugin ? type : "", pad + "  ");
    } else if (value.IsMap() && !value.entries.empty() && (plugin || field->Inside() != nullptr)) {
      text += head + "\n";
      if (plugin) {
        Plugin(value, type, pad + "  ", pad + "  ");
      } else {
        Entries(value, *field->Inside(), pad + "  ");
      }
    } else {
      text += head + " " + OneLine(value) + "\n";
    }
  }

  void Items(const Node& list, const Field& field, const std::string& kind,
             const std::string& pad) {
    if (kind.empty()) {
      for (const auto& inside : field.Inside()->fields()) {
        Comment(pad, inside->name() + ": " + Explain(*inside));
      }
    }
    for (const Node& item : list.items) {
      const auto index = static_cast<size_t>(&item - list.items.data());
      if (!kind.empty() && item.IsList()) Comment(pad, fmt::format("{} {}", field.name(), index));
      if (!kind.empty() && item.IsList() && !item.items.empty()) {
        text += pad + "-\n";
        Items(item, field, kind, pad + "  ");
      } else if (!kind.empty() && item.IsMap()) {
        Plugin(item, kind, pad + "- ", pad + "  ");
      } else {
        if (!kind.empty() && !item.IsList()) Comment(pad, FactsOf(kind, item).info.doc);
        text += pad + "- " + OneLine(item) + "\n";
      }
    }
  }

  // Prints a plugin as a map, with `head` before its name and `pad` before its parameters.
  void Plugin(const Node& config, const std::string& kind, const std::string& head,
              const std::string& pad) {
    const PluginFacts facts = FactsOf(kind, config);
    Comment(head.substr(0, head.find('-')), facts.info.doc);
    text += head + "name: " + OneLine(*config.Find("name")) + "\n";
    Node parameters = config;
    std::erase_if(parameters.entries, [](const Node::Entry& e) { return e.key == "name"; });
    Entries(parameters, *facts.fields, pad);
  }

  static std::string OneLine(const Node& node) {
    std::string line = PrintYaml(Node::List({node}));
    line.pop_back();
    // A list of one item is printed as "[x]" or "- x".
    return line.front() == '[' ? line.substr(1, line.size() - 2) : line.substr(2);
  }

  const Registry& registry_;
};

}  // namespace

std::string CommentedConfig(const Node& config, const Registry& registry) {
  Printer printer(registry);
  printer.Entries(config, ExperimentFields(), "");
  return printer.text;
}

}  // namespace nabla
