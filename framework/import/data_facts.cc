#include <fmt/format.h>

#include <algorithm>

#include "framework/import/facts.h"
#include "framework/import/trace_search.h"

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
  return n == "y" || n == "t" || n.find("target") != std::string::npos ||
         n.find("label") != std::string::npos || n.find("output") != std::string::npos ||
         n.starts_with("y_") || n.starts_with("ytrain") || n == "d";
}

bool ReadInline(const CodeTrace& trace, CodeFacts* facts) {
  size_t rows = 0;
  const std::string inputs = RowsOf(trace.inputs, &rows);
  if (inputs.empty()) return false;
  facts->dataset = {"inline", trace.inputs.place, false, ""};
  facts->dataset_keys.push_back({"inputs", {inputs, trace.inputs.place}});
  for (const TracedSetting& s : trace.settings) {
    size_t count = 0;
    if (!IsTargetsName(s.name)) continue;
    const std::string targets = RowsOf(s.value, &count);
    if (targets.empty() || count != rows) continue;
    facts->dataset_keys.push_back({"targets", {targets, s.place}});
    return true;
  }
  facts->dataset_keys.push_back({"targets", {"\"?\"", {}, true, "a row for each of the inputs"}});
  return true;
}

// Division, then shift, then width, each once; what a test set gets too is the same.
void ReadScaling(const CodeTrace& trace, CodeFacts* facts) {
  const TracedScaling *scale = nullptr, *mean = nullptr, *std = nullptr;
  for (const TracedScaling& s : trace.scalings) {
    if (s.what == "standardise") {
      facts->standardise = {"true", s.place, false, ""};
    } else if (s.what == "minmax") {
      facts->inexpressible.push_back({"inputs scaled to their least and largest value", s.place});
    } else if (s.what == "subtract" && mean == nullptr) {
      mean = &s;
    } else if (s.what == "multiply" && mean != nullptr && std == nullptr && s.value.IsKnown() &&
               s.value.number > 0) {
      std = &s;
    } else if (s.what == "divide" && s.value.IsKnown() && s.value.number > 0) {
      if (mean != nullptr && std == nullptr) {
        std = &s;
      } else if (mean == nullptr && scale == nullptr) {
        scale = &s;
      }
    }
  }
  const bool pictures = facts->dataset.text == "mnist" || facts->dataset.text == "fashion_mnist" ||
                        facts->dataset.text == "kmnist" || facts->dataset.text == "cifar10";
  const bool csv = facts->dataset.text == "csv";
  if (!pictures && !csv) return;
  if (scale != nullptr) {
    facts->dataset_keys.push_back({"scale", {NumberText(scale->value.number), scale->place}});
  } else if (pictures) {
    facts->dataset_keys.push_back(
        {"scale", {"255", {}, true, "no division of the pixels seen; 1: none"}});
  }
  if (mean != nullptr && mean->value.IsKnown()) {
    facts->dataset_keys.push_back({"mean", {NumberText(mean->value.number), mean->place}});
    if (std != nullptr) {
      const double width = std->what == "multiply" ? 1 / std->value.number : std->value.number;
      facts->dataset_keys.push_back({"std", {NumberText(width), std->place}});
    }
  }
}

// Only what is plain text in YAML: a path may hold anything.
std::string PlainPath(const std::string& path) {
  std::string plain;
  for (const char c : path) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-' || c == '/';
    plain += good ? c : '_';
  }
  return plain.substr(plain.rfind('/') + 1);
}

void ReadNamed(const CodeTrace& trace, CodeFacts* facts) {
  // Pictures before files of unknown content.
  const TracedDataset* data = &trace.datasets.front();
  for (const TracedDataset& d : trace.datasets) {
    if (data->name == "csv" && d.name != "csv") data = &d;
  }
  facts->dataset = {data->name, data->place, data->guessed && data->name != "csv",
                    data->guessed && data->name != "csv" ? "by the name alone" : ""};
  if (data->name == "csv") {
    const std::string file = PlainPath(data->detail);
    facts->dataset_keys.push_back(
        {"train",
         {file.empty() ? "\"?\"" : "\"" + file + "\"", data->place, true,
          "a file of numbers with the label in a column; see label_column, header"}});
    return;
  }
  for (const auto& [ours, theirs] :
       {std::pair("n_samples", "n_samples"), std::pair("noise", "noise"),
        std::pair("random_state", "random_state"), std::pair("factor", "factor"),
        std::pair("centers", "centers")}) {
    const auto found = data->keywords.find(theirs);
    if (found == data->keywords.end() || !found->second.IsKnown()) continue;
    facts->inexpressible.push_back(
        {fmt::format("{} of the data: {}", ours, NumberText(found->second.number)), data->place});
  }
}

// The rows of a data set, training and test; 0 if that is not known.
double RowsOfAll(const std::string& dataset) {
  static constexpr std::pair<std::string_view, double> kRows[] = {
      {"mnist", 70000},       {"fashion_mnist", 70000},
      {"kmnist", 70000},      {"cifar10", 60000},
      {"iris", 150},          {"wine", 178},
      {"breast_cancer", 569}, {"digits8x8", 1797},
      {"diabetes", 442}};
  for (const auto& [name, rows] : kRows) {
    if (dataset == name) return rows;
  }
  return 0;
}

// Of train_test_split's test_size: a fraction, a number of rows, or nothing.
Fact TestFraction(const Value& size, const std::string& dataset, CellPlace place) {
  if (!size.IsKnown() || size.number <= 0) return {"0.25", place, false, "the library's default"};
  if (size.number < 1) return {NumberText(size.number), place, false, ""};
  const std::string rows = NumberText(size.number) + " rows test";
  const double all = RowsOfAll(dataset);
  if (all <= size.number) return {"0.25", place, true, rows};
  return {NumberText(size.number / all), place, false, rows};
}

void ReadSplit(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    if (LastPart(call.path) != "train_test_split") continue;
    const auto number = [&](const char* keyword) {
      const auto found = call.keywords.find(keyword);
      return found != call.keywords.end() && found->second.IsKnown() ? found->second : Value();
    };
    const Value size = number("test_size"), seed = number("random_state");
    facts->split.push_back({"merge", {"true", call.place, false, ""}});
    facts->split.push_back({"test_fraction", TestFraction(size, facts->dataset.text, call.place)});
    facts->split.push_back({"permutation", {"numpy", call.place, false, ""}});
    facts->split.push_back({"seed",
                            {seed.IsKnown() ? NumberText(seed.number) : "0", call.place,
                             !seed.IsKnown(), seed.IsKnown() ? "" : "not set"}});
    if (call.keywords.contains("stratify")) {
      facts->inexpressible.push_back({"stratify: the split keeps the classes' shares", call.place});
    }
    return;
  }
}

}  // namespace

void ReadDataFacts(const CodeTrace& trace, CodeFacts* facts) {
  if (!ReadInline(trace, facts)) {
    if (!trace.datasets.empty()) ReadNamed(trace, facts);
    ReadScaling(trace, facts);
    ReadSplit(trace, facts);
  }
  const double all = facts->split.empty() ? RowsOfAll(facts->dataset.text) : 0;
  const double rows = std::strtod(facts->rows.text.c_str(), nullptr);
  if (rows < 1 || rows > all / 2) facts->rows = {};
}

void ReadSeedFacts(const CodeTrace& trace, CodeFacts* facts) {
  const std::vector<size_t> chain = TrainedLayers(trace);
  std::string generator;
  int order = 0;
  CellPlace filled;
  if (!chain.empty()) {
    const TracedLayer& first = trace.layers[chain.front()];
    generator = first.weight_filling.generator;
    order = first.order;
    filled = first.place;
  }
  const bool torch = generator == "torch";
  // Tensors have 32 bits, whatever drew their first values.
  const bool tensors = std::any_of(trace.calls.begin(), trace.calls.end(), [](const TracedCall& c) {
    return c.path.starts_with("torch.");
  });
  const bool single =
      torch || generator == "tensorflow" || (tensors && FindCall(trace, {".backward"}) != nullptr);
  const bool keras = generator.empty() &&
                     std::any_of(trace.calls.begin(), trace.calls.end(), [](const TracedCall& c) {
                       return Contains(c.path, "keras") || Contains(c.path, "tensorflow");
                     });
  facts->dtype = {single || keras ? "float32" : "float64",
                  {},
                  generator.empty() && !keras,
                  generator.empty() && !keras ? "or float32" : ""};
  // The last seed of the weights' generator before they were drawn.
  const TracedSeed* seed = nullptr;
  for (const TracedSeed& s : trace.seeds) {
    const bool same = generator.empty() || s.generator == generator;
    if (same && (order == 0 || s.order < order)) seed = &s;
  }
  const bool ours = generator == "numpy" || generator == "torch";
  if (seed != nullptr && seed->value.IsKnown()) {
    facts->seed = {NumberText(seed->value.number), seed->place, !ours,
                   ours ? "" : "of " + seed->generator};
  } else {
    facts->seed = {"0", {}, false, "the notebook sets none for the weights"};
  }
  if (ours) facts->rng = {generator, filled, false, ""};
  if (generator == "numpy_generator") {
    facts->inexpressible.push_back({"weights drawn by numpy's default_rng", filled});
  }
  // What else the generator gave after its seed and before the weights.
  for (const TracedDraw& draw : trace.draws) {
    if (seed == nullptr || !ours || draw.generator != generator || draw.order < seed->order)
      continue;
    const bool of_layer = std::any_of(chain.begin(), chain.end(), [&](size_t i) {
      const CellPlace& p = trace.layers[i].place;
      return p.cell == draw.place.cell && p.line == draw.place.line;
    });
    if (of_layer || draw.order > order) break;
    const Fact fact{draw.what + " draws before the weights, after the seed", draw.place};
    const Fact* last = facts->inexpressible.empty() ? nullptr : &facts->inexpressible.back();
    const bool again = last != nullptr && last->text == fact.text &&
                       last->place.cell == fact.place.cell && last->place.line == fact.place.line;
    if (!again) facts->inexpressible.push_back(fact);
    if (facts->inexpressible.size() > 40) break;
  }
}

}  // namespace nabla
