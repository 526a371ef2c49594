#include "framework/facts/inline_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "framework/facts/trace_search.h"
#include "framework/python/array_rules.h"

namespace nabla {
namespace {

constexpr size_t kMostInlineRows = 64;
constexpr size_t kMostInlineColumns = 32;

// [[0, 1]] for [0, 1], where each row is a matrix of its own.
bool IsLoneRow(const Value& v) {
  return v.Is(ValueKind::kSequence) && v.object->items.size() == 1 &&
         v.object->items[0].Is(ValueKind::kSequence);
}

// Rows of numbers that the program spells, [[0, 1], [1, 0]], or "" if they are something else. A
// flat list is one number a row.
std::string RowsOf(const Value& v, size_t* rows) {
  if (v.object == nullptr || v.object->items.empty()) return "";
  const auto& items = v.object->items;
  if (items.size() > kMostInlineRows) return "";
  std::string text;
  for (const Value& each : items) {
    const Value& row = IsLoneRow(each) ? each.object->items[0] : each;
    const bool flat = row.IsKnown();
    if (!flat && (!row.Is(ValueKind::kSequence) || row.object->items.size() > kMostInlineColumns)) {
      return "";
    }
    std::string numbers;
    const std::vector<Value> alone = {row};
    for (const Value& n : flat ? alone : row.object->items) {
      if (!n.IsKnown()) return "";
      numbers += (numbers.empty() ? "" : ", ") + NumberText(n.number);
    }
    text += fmt::format("{}[{}]", text.empty() ? "" : ", ", numbers);
  }
  *rows = items.size();
  return "[" + text + "]";
}

bool IsTargetsName(const std::string& name) {
  const std::string n = LowerCase(name);
  return n == "y" || n == "ys" || n == "t" || n.find("target") != std::string::npos ||
         n.find("label") != std::string::npos || n.find("output") != std::string::npos ||
         n.starts_with("y_") || n.starts_with("ytrain") || n == "d";
}

bool IsSizesName(const std::string& name) {
  const std::string n = LowerCase(name);
  return Contains(n, "size") || Contains(n, "layer") || Contains(n, "dim") || Contains(n, "nout") ||
         Contains(n, "units") || Contains(n, "neurons") || n == "sz";
}

// All rows, where the first layer was shown to see one of them.
Value WholeOf(const CodeTrace& trace, const Value& row) {
  size_t rows = 0;
  for (const TracedSetting& s : trace.settings) {
    if (!s.value.Is(ValueKind::kSequence) || row.object == nullptr) continue;
    for (const Value& each : s.value.object->items) {
      if (each.object == row.object && !RowsOf(s.value, &rows).empty()) return s.value;
    }
  }
  return row;
}

// Rows that the first layer sees or, where the layers are in another module, that are called so.
Value InputsOf(const CodeTrace& trace) {
  if (trace.inputs.object != nullptr || !trace.layers.empty() || !trace.datasets.empty()) {
    return WholeOf(trace, trace.inputs);
  }
  for (const TracedSetting& s : trace.settings) {
    const std::string name = LowerCase(s.name);
    size_t rows = 0;
    const bool named =
        name == "x" || name == "xs" || name == "inputs" || name == "x_train" || name == "data";
    if (named && !RowsOf(s.value, &rows).empty() && rows > 1) return WholeOf(trace, s.value);
  }
  return {};
}

// "[0, 1, 2]" for "[[0], [1], [2]]".
std::string Flat(const std::string& rows) {
  std::string flat;
  for (const char c : rows) {
    if (c != '[' && c != ']') flat += c;
  }
  return "[" + flat + "]";
}

bool IsClass(const Value& v) {
  constexpr double kMostClasses = 100;
  return v.IsKnown() && v.number >= 0 && v.number < kMostClasses &&
         v.number == std::floor(v.number) && v.text.find('.') == std::string::npos;
}

// Whether it is a flat list of classes, counted from 0.
bool AreClasses(const Value& v) {
  return std::all_of(v.object->items.begin(), v.object->items.end(), IsClass);
}

// The outputs of the model; 0 if they are not known.
double Outputs(const CodeFacts& facts) {
  double units = 0;
  for (const LayerFact& layer : facts.model) {
    const size_t at = layer.line.text.find("units: ");
    if (at != std::string::npos) units = std::strtod(layer.line.text.c_str() + at + 7, nullptr);
  }
  return units;
}

// "[[0], [1]]" for "0, 1".
std::string Columns(const std::string& numbers) {
  std::string columns = "[[";
  for (size_t i = 0; i < numbers.size(); ++i) {
    const bool between = numbers[i] == ',';
    columns += between ? "], [" : std::string(1, numbers[i]);
    if (between) ++i;
  }
  return columns + "]]";
}

// Rows [2.78, 2.55, 0] whose last number is the class.
bool SplitLastColumn(const Value& rows, const CodeFacts& facts, CellPlace place,
                     std::vector<NamedFact>* keys) {
  std::string inputs, labels;
  bool fractions = false;
  for (const Value& row : rows.object->items) {
    if (!row.Is(ValueKind::kSequence) || row.object->items.size() < 2) return false;
    const std::vector<Value>& numbers = row.object->items;
    if (!IsClass(numbers.back())) return false;
    std::string text;
    for (size_t i = 0; i + 1 < numbers.size(); ++i) {
      fractions = fractions || numbers[i].number != std::floor(numbers[i].number);
      text += (text.empty() ? "" : ", ") + NumberText(numbers[i].number);
    }
    inputs += (inputs.empty() ? "[" : ", [") + text + "]";
    labels += (labels.empty() ? "" : ", ") + NumberText(numbers.back().number);
  }
  if (!fractions) return false;
  const bool one = Outputs(facts) == 1;
  keys->clear();
  keys->push_back({"inputs", {"[" + inputs + "]", place, true, "all columns but the last"}});
  keys->push_back({one ? "targets" : "labels",
                   {one ? Columns(labels) : "[" + labels + "]", place, true, "the last column"}});
  return true;
}

}  // namespace

bool ReadInlineData(const CodeTrace& trace, CodeFacts* facts) {
  size_t rows = 0;
  const Value given = InputsOf(trace);
  const std::string inputs = RowsOf(given, &rows);
  if (inputs.empty()) return false;
  const CellPlace place = given.place.line > 0 ? given.place : given.object->filled;
  // A flat list may be anything, such as the weights that noise is added to.
  const auto& first = given.object->items[0];
  const bool flat = !first.Is(ValueKind::kSequence);
  const bool named =
      std::any_of(trace.settings.begin(), trace.settings.end(), [&](const TracedSetting& s) {
        size_t count = 0;
        return IsTargetsName(s.name) && !RowsOf(s.value, &count).empty() && count == rows;
      });
  if (flat && !named) return false;
  facts->dataset = {"inline", place, false, ""};
  facts->dataset_keys.push_back({"inputs", {inputs, place}});
  // By the name, else the only other rows of that number.
  for (const bool by_name : {true, false}) {
    for (const TracedSetting& s : trace.settings) {
      size_t count = 0;
      if (IsTargetsName(s.name) != by_name || IsWeightName(s.name)) continue;
      if (!by_name && IsSizesName(s.name)) continue;
      const std::string targets = RowsOf(s.value, &count);
      if (targets.empty() || count != rows || targets == inputs) continue;
      const bool classes = AreClasses(s.value) && Outputs(*facts) > 1;
      facts->dataset_keys.push_back({classes ? "labels" : "targets",
                                     {classes ? Flat(targets) : targets, s.place, !by_name,
                                      by_name ? "" : "called " + s.name}});
      return true;
    }
  }
  if (SplitLastColumn(given, *facts, place, &facts->dataset_keys)) return true;
  facts->dataset_keys.push_back({"targets", {"\"?\"", {}, true, "a row for each of the inputs"}});
  return true;
}

}  // namespace nabla
