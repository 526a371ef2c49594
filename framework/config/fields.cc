#include "framework/config/fields.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "framework/base/nearest.h"

namespace nabla {
namespace {

std::string NumberText(double value) { return PrintDouble(value).text; }

bool InBounds(double value, const FieldDoc& doc) {
  return (doc.above_min ? value > doc.min : value >= doc.min) &&
         (doc.below_max ? value < doc.max : value <= doc.max);
}

bool CheckBounds(double value, const Node& node, const FieldDoc& doc, Problems& problems) {
  if (InBounds(value, doc)) return true;
  problems.Add(node.place, node.text + " is out of range: must be " + doc.Bounds());
  return false;
}

bool Wrong(const char* expected, const Node& node, Problems& problems) {
  problems.Add(node.place, std::string("expected ") + expected + ", found " + node.Describe());
  return false;
}

// The text without a leading plus, which std::from_chars does not accept; "+-1" keeps it and so is
// not a number.
std::string_view WithoutPlus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

// YAML 1.1 reads 010 as 8, YAML 1.2 as 10: reject what readers would disagree on.
bool HasLeadingZero(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

}  // namespace

std::string FieldDoc::Bounds() const {
  const bool low = std::isfinite(min);
  const bool high = std::isfinite(max);
  const std::string left = NumberText(min);
  const std::string right = NumberText(max);
  if (low && high) {
    return left + (above_min ? " < x" : " <= x") + (below_max ? " < " : " <= ") + right;
  }
  if (low) return (above_min ? "> " : ">= ") + left;
  if (high) return (below_max ? "< " : "<= ") + right;
  return "";
}

bool ParseBool(const Node& node, const FieldDoc&, Problems& problems, bool* out) {
  if (!node.IsScalar() || node.quoted || (node.text != "true" && node.text != "false")) {
    return Wrong("true or false", node, problems);
  }
  *out = node.text == "true";
  return true;
}

bool ParseInt(const Node& node, const FieldDoc& doc, Problems& problems, int64_t* out) {
  const std::string_view text = WithoutPlus(node.text);
  if (!node.IsScalar() || node.quoted || HasLeadingZero(text)) {
    return Wrong("an integer", node, problems);
  }
  const char* end = text.data() + text.size();
  int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::result_out_of_range && stop == end) {
    problems.Add(node.place, node.text + " is too large for an integer");
    return false;
  }
  if (error != std::errc() || stop != end) return Wrong("an integer", node, problems);
  // What is refused is not kept: later checks would compute with it.
  if (!CheckBounds(static_cast<double>(value), node, doc, problems)) return false;
  *out = value;
  return true;
}

bool ParseDouble(const Node& node, const FieldDoc& doc, Problems& problems, double* out) {
  const std::string_view text = WithoutPlus(node.text);
  if (!node.IsScalar() || node.quoted || HasLeadingZero(text)) {
    return Wrong("a number", node, problems);
  }
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && stop == text.data() + text.size()) {
    problems.Add(node.place, node.text + " is too large or too small for a number");
    return false;
  }
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(value)) {
    return Wrong("a number", node, problems);
  }
  if (!CheckBounds(value, node, doc, problems)) return false;
  *out = value;
  return true;
}

bool ParseString(const Node& node, const FieldDoc&, Problems& problems, std::string* out) {
  if (!node.IsScalar()) return Wrong("text", node, problems);
  *out = node.text;
  return true;
}

int ParseChoice(const Node& node, const std::vector<std::string>& names, Problems& problems) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  if (!node.IsScalar()) {
    Wrong(("one of " + list).c_str(), node, problems);
    return -1;
  }
  const auto found = std::find(names.begin(), names.end(), node.text);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  problems.Add(node.place, "unknown value \"" + node.text + "\"" + Suggest(node.text, names));
  return -1;
}

Node PrintDouble(double value) {
  char buffer[32];
  char* const last = buffer + sizeof(buffer);
  // The shortest form of a million is 1e+06, which nobody writes.
  const bool whole = std::abs(value) < 1e15 && value == std::trunc(value);
  const auto [end, error] = whole ? std::to_chars(buffer, last, value, std::chars_format::fixed)
                                  : std::to_chars(buffer, last, value);
  return Node::Scalar(std::string(buffer, end));
}

const Field* FieldTable::Find(std::string_view name) const {
  for (const auto& field : fields_) {
    if (field->name() == name) return field.get();
  }
  return nullptr;
}

std::string FieldTable::Unknown(const std::string& key,
                                const std::vector<std::string>& names) const {
  for (const auto& field : fields_) {
    if (!key.empty() && key == field->doc().renamed_from) {
      return "\"" + key + "\" is now called \"" + field->name() + "\"";
    }
  }
  return "unknown key \"" + key + "\"" + Suggest(key, names);
}

bool FieldTable::Parse(void* object, const Node& map, const ParseContext& context,
                       const std::vector<std::string>& ignored) const {
  if (!map.IsMap()) return Wrong("a map", map, context.problems);
  const size_t before = context.problems.size();
  const auto is_ignored = [&](const std::string& key) {
    return std::find(ignored.begin(), ignored.end(), key) != ignored.end();
  };
  std::vector<std::string> names = ignored;
  for (const auto& field : fields_) names.push_back(field->name());
  for (const Node::Entry& entry : map.entries) {
    if (is_ignored(entry.key)) continue;
    if (const Field* field = Find(entry.key)) {
      field->Parse(object, entry.value, context);
    } else {
      context.problems.Add(entry.place, Unknown(entry.key, names));
    }
  }
  for (const auto& field : fields_) {
    const std::string old_name = field->doc().renamed_from;
    const bool under_old_name = !old_name.empty() && map.Find(old_name) != nullptr;
    if (map.Find(field->name()) != nullptr || under_old_name) continue;
    if (field->doc().required) {
      context.problems.Add(map.place, "\"" + field->name() + "\" is missing: " + field->doc().doc);
    } else {
      field->Complete(object, map.place, context);
    }
  }
  return context.problems.size() == before;
}

Node FieldTable::Print(const void* object) const {
  Node map = Node::Map();
  for (const auto& field : fields_) map.Set(field->name(), field->Print(object));
  return map;
}

}  // namespace nabla
