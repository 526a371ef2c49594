#include "framework/config/edit_text.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "framework/config/flat.h"
#include "framework/config/path.h"
#include "framework/config/tree.h"

namespace nabla {
namespace {

constexpr const char* kOrigin = "edited text";

// The byte at a place; nothing past the end.
std::optional<size_t> OffsetOf(const std::string& text, const Place& place) {
  size_t begin = 0;
  for (int line = 1; line < place.line; ++line) {
    const size_t end = text.find('\n', begin);
    if (end == std::string::npos) return std::nullopt;
    begin = end + 1;
  }
  const size_t offset = begin + static_cast<size_t>(std::max(1, place.column)) - 1;
  return offset < text.size() ? std::optional(offset) : std::nullopt;
}

// The byte after a flow list or map that begins at `begin`.
std::optional<size_t> EndOfFlow(const std::string& text, size_t begin) {
  int depth = 0;
  char quote = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"') ++i;
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#' && i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\n')) {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return i + 1;
    }
  }
  return std::nullopt;
}

// The bytes that a value takes; nothing for those of several lines but flow lists and maps.
std::optional<std::pair<size_t, size_t>> RangeOf(const std::string& text, const Node& node) {
  const auto begin = OffsetOf(text, node.place);
  if (!begin) return std::nullopt;
  if (text[*begin] == '{' || text[*begin] == '[') {
    const auto end = EndOfFlow(text, *begin);
    return end ? std::optional(std::pair(*begin, *end)) : std::nullopt;
  }
  if (!node.IsScalar() || text.compare(*begin, node.text.size(), node.text) != 0) {
    return std::nullopt;
  }
  return std::pair(*begin, *begin + node.text.size());
}

// `key: value` as one more entry of a map.
std::string WithEntry(const std::string& text, const Node& map, const std::string& entry,
                      bool is_root) {
  std::string edited = text;
  const auto begin = OffsetOf(text, map.place);
  if (!begin) return text;
  if (text[*begin] == '{') {
    const auto end = EndOfFlow(text, *begin);
    if (end) edited.insert(*end - 1, (map.entries.empty() ? "" : ", ") + entry);
  } else if (is_root) {
    edited += (text.ends_with('\n') ? "" : "\n") + entry + "\n";
  } else if (!map.entries.empty()) {
    // After the first entry, a plugin's name, if there is a second.
    const Place& place = map.entries[map.entries.size() > 1 ? 1 : 0].place;
    const auto before = OffsetOf(text, place);
    if (before) {
      const std::string indent(static_cast<size_t>(std::max(1, map.entries[0].place.column)) - 1,
                               ' ');
      edited.insert(*before, entry + "\n" + indent);
    }
  }
  return edited;
}

// steps[first], .. as nested maps with `value` in the innermost: "train: {epochs: 3}".
std::string EntryText(const std::vector<std::string_view>& steps, size_t first, const Node& value) {
  const std::string key = std::string(steps[first]) + ": ";
  if (first + 1 == steps.size()) return key + InlineYaml(value);
  return key + "{" + EntryText(steps, first + 1, value) + "}";
}

std::string Replaced(std::string text, const std::pair<size_t, size_t>& range,
                     const std::string& by) {
  return text.replace(range.first, range.second - range.first, by);
}

}  // namespace

std::string InlineYaml(const Node& value) {
  if (value.IsNull()) return "null";
  if (value.IsScalar()) {
    std::string text = PrintYaml(value);
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }
  std::string text;
  for (const Node& item : value.items) text += (text.empty() ? "" : ", ") + InlineYaml(item);
  for (const auto& [key, place, inner] : value.entries) {
    text += (text.empty() ? "" : ", ") + key + ": " + InlineYaml(inner);
  }
  return value.IsMap() ? "{" + text + "}" : "[" + text + "]";
}

std::string WithValueAt(const std::string& text, const std::string& path, const Node& value) {
  const Node root = ParseYaml(text, kOrigin);
  const std::vector<std::string_view> steps = PathSteps(path);
  const Node* node = &root;
  size_t done = 0;
  for (; done < steps.size(); ++done) {
    const Node* child = Child(*node, steps[done]);
    if (child == nullptr) break;
    node = child;
  }
  if (done == steps.size()) {
    const auto range = RangeOf(text, *node);
    return range ? Replaced(text, *range, InlineYaml(value)) : text;
  }
  const std::string entry = EntryText(steps, done, value);
  if (node->IsMap()) return WithEntry(text, *node, entry, node == &root);
  const auto range = node->IsScalar() ? RangeOf(text, *node) : std::nullopt;
  if (!range) return text;
  return Replaced(text, *range, "{name: " + InlineYaml(*node) + ", " + entry + "}");
}

bool SameYaml(const std::string& text, const Node& tree) {
  return FlatScalars(ParseYaml(text, kOrigin)) == FlatScalars(tree);
}

}  // namespace nabla
