#include "framework/check/catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/error.h"
#include "framework/base/nearest.h"

namespace nabla {
namespace {

constexpr const char* kLibraryHint = "; one of a library of plugins needs --plugin FILE.so";

void CheckKind(const std::string& kind) {
  const auto& kinds = Registry::Kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    throw InputError("unknown kind of plugin \"" + kind + "\"" + Suggest(kind, kinds));
  }
}

std::string Words(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

// Type, default, bounds and unit of a field in one line.
std::string FieldLine(const Field& field, const Node& defaults) {
  const FieldDoc& doc = field.doc();
  std::string line = field.Type();
  if (const auto choices = field.Choices(); !choices.empty()) line += " of " + Words(choices);
  if (const std::string bounds = doc.Bounds(); !bounds.empty()) line += ", " + bounds;
  if (*doc.unit != 0) line += fmt::format(", in {}", doc.unit);
  if (doc.required) return line + ", required";
  const std::string fallback = DefaultText(field, defaults);
  return line + (fallback.empty() ? ", optional" : ", default " + fallback);
}

std::string FieldLines(const FieldTable& table, const Node& defaults, const std::string& indent) {
  std::string text;
  for (const auto& field : table.fields()) {
    text += fmt::format("{}{}: {}\n{}    {}\n", indent, field->name(), FieldLine(*field, defaults),
                        indent, field->doc().doc);
    if (const FieldTable* inside = field->Inside()) {
      const Node* value = defaults.Find(field->name());
      text += FieldLines(*inside, value == nullptr ? Node() : *value, indent + "    ");
    }
  }
  return text;
}

std::string Indented(const std::string& text) {
  std::string indented;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin) + 1;
    indented += "  " + text.substr(begin, end - begin);
    begin = end;
  }
  return indented;
}

std::string Counted(size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

PluginId FindPlugin(const Registry& registry, const std::string& text) {
  if (const size_t slash = text.find('/'); slash != std::string::npos) {
    const PluginId id{text.substr(0, slash), text.substr(slash + 1)};
    CheckKind(id.kind);
    const std::vector<std::string> names = registry.Names(id.kind);
    if (std::find(names.begin(), names.end(), id.name) != names.end()) return id;
    throw InputError("unknown " + id.kind + " \"" + id.name + "\"" + Suggest(id.name, names) +
                     kLibraryHint);
  }
  std::vector<std::string> known;
  std::vector<std::string> found;
  PluginId id;
  for (const std::string& kind : Registry::Kinds()) {
    for (const std::string& name : registry.Names(kind)) {
      known.push_back(name);
      if (name != text) continue;
      id = {kind, name};
      found.push_back(kind + "/" + name);
    }
  }
  if (found.size() > 1) {
    throw InputError("\"" + text + "\" is the name of several plugins: " + Words(found));
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  if (found.empty()) {
    throw InputError("unknown plugin \"" + text + "\"" + Suggest(text, known) + kLibraryHint);
  }
  return id;
}

PluginId FindPluginOrKind(const Registry& registry, const std::string& text) {
  // "activation" names both a kind and a plugin; it means the kind. "layer/activation" is the
  // plugin.
  const auto& kinds = Registry::Kinds();
  if (std::find(kinds.begin(), kinds.end(), text) != kinds.end()) return {text, ""};
  return FindPlugin(registry, text);
}

std::vector<PluginId> PluginsOf(const Registry& registry, const std::string& kind) {
  if (!kind.empty()) CheckKind(kind);
  std::vector<PluginId> plugins;
  for (const std::string& each : Registry::Kinds()) {
    if (!kind.empty() && each != kind) continue;
    for (const std::string& name : registry.Names(each)) plugins.push_back({each, name});
  }
  return plugins;
}

std::string ListPlugins(const Registry& registry, const std::string& kind) {
  struct Row {
    std::string name, origin, doc;
  };
  std::vector<Row> rows;
  size_t widths[2] = {0, 0};
  for (const PluginId& id : PluginsOf(registry, kind)) {
    const PluginFacts facts = FactsOf(registry, id);
    rows.push_back({id.kind + "/" + id.name, facts.origin, facts.info.doc});
    widths[0] = std::max(widths[0], rows.back().name.size());
    widths[1] = std::max(widths[1], rows.back().origin.size());
  }
  std::string text;
  for (const Row& row : rows) {
    text +=
        fmt::format("{:<{}}  {:<{}}  {}\n", row.name, widths[0], row.origin, widths[1], row.doc);
  }
  return text;
}

std::string DescribePlugin(const Registry& registry, const PluginId& id) {
  const PluginFacts facts = FactsOf(registry, id);
  std::string text =
      fmt::format("{}/{} ({})\n{}\n", id.kind, id.name, facts.origin, facts.info.doc);
  if (*facts.info.formula != 0) text += fmt::format("\nFormula\n  {}\n", facts.info.formula);
  const bool plain = facts.fields->fields().empty();
  text += plain ? "\nNo parameters.\n"
                : "\nParameters\n" + FieldLines(*facts.fields, facts.defaults, "  ");
  return text + "\nExample\n" + Indented(ExampleText(registry, id));
}

std::string CheckReport(const std::vector<CheckResult>& results) {
  std::string text;
  size_t plugins = 0;
  size_t failed = 0;
  for (size_t begin = 0; begin < results.size();) {
    const CheckResult& first = results[begin];
    size_t end = begin;
    size_t failures = 0;
    std::string details;
    for (;
         end < results.size() && results[end].kind == first.kind && results[end].name == first.name;
         ++end) {
      const CheckResult& result = results[end];
      if (result.passed) continue;
      ++failures;
      details += fmt::format("  {}: {}\n", result.check, result.message);
    }
    text += fmt::format("{:<6} {}/{}: {}", failures == 0 ? "ok" : "FAILED", first.kind, first.name,
                        Counted(end - begin, "check"));
    text += failures == 0 ? "\n" : fmt::format(", {} failed\n", failures) + details;
    ++plugins;
    failed += failures > 0;
    begin = end;
  }
  return text + fmt::format("{}, {} failed\n", Counted(plugins, "plugin"), failed);
}

}  // namespace nabla
