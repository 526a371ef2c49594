#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <initializer_list>

#include "framework/facts/drawn_data.h"
#include "framework/facts/facts.h"
#include "framework/facts/inline_data.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

bool IsOneOf(const std::string& name, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* each) { return name == each; });
}

const TracedCall* SplitCall(const CodeTrace& trace) {
  return FindCall(trace, {"train_test_split"});
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
  AddDrawnKeys(trace, *data, facts);
}

// FILENAME = "mnist.pkl.gz", where the program reads it in a way that was not understood.
void ReadFileName(const CodeTrace& trace, CodeFacts* facts) {
  static constexpr std::pair<const char*, const char*> kParts[] = {
      {"fashion", "fashion_mnist"}, {"kmnist", "kmnist"},    {"mnist", "mnist"},
      {"cifar10", "cifar10"},       {"cifar-10", "cifar10"}, {"iris.csv", "iris"},
      {"iris.data", "iris"},        {"Iris.csv", "iris"}};
  for (const TracedSetting& s : trace.settings) {
    if (!s.value.Is(ValueKind::kString)) continue;
    for (const auto& [part, name] : kParts) {
      if (!Contains(s.value.text, part)) continue;
      facts->dataset = {name, s.place, true, "by a name alone"};
      return;
    }
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

// The shortest fraction that gives so many of all rows: where `up`, of rows to train on, whose
// number is rounded down, else of rows to test, whose number is rounded up.
std::string FractionOf(double rows, double all, bool up) {
  double scale = 1;
  for (int digits = 1; digits <= 15; ++digits) {
    scale *= 10;
    const double scaled = rows / all * scale;
    const double fraction = (up ? std::ceil(scaled) : std::floor(scaled)) / scale;
    const double given = up ? std::floor(fraction * all) : std::ceil(fraction * all);
    if (fraction > 0 && fraction < 1 && given == rows) return NumberText(fraction);
  }
  return NumberText(rows / all);
}

// Without what a difference of decimals adds.
double Rounded(double fraction) { return std::round(fraction * 1e12) / 1e12; }

// Of train_test_split's test_size: a fraction, a number of rows, or nothing.
Fact TestFraction(const Value& size, const std::string& dataset, CellPlace place) {
  if (!size.IsKnown() || size.number <= 0) return {"0.25", place, false, "the library's default"};
  if (size.number < 1) return {NumberText(size.number), place, false, ""};
  const std::string rows = NumberText(size.number) + " rows test";
  const double all = RowsOfAll(dataset);
  if (all <= size.number) return {"0.25", place, true, rows};
  return {FractionOf(size.number, all, false), place, false, rows};
}

// The same where the program says but train_size: the first rows of the order test all the same,
// which train_fraction would not have.
Fact RestOfTrainSize(const Value& train, const std::string& dataset, CellPlace place) {
  if (train.number < 1) {
    return {NumberText(Rounded(1 - train.number)), place, false,
            "the rest of " + NumberText(train.number)};
  }
  const std::string rows = NumberText(train.number) + " rows train";
  const double all = RowsOfAll(dataset);
  if (all <= train.number) return {"0.25", place, true, rows};
  return {FractionOf(all - train.number, all, false), place, false, rows};
}

void ReadSplit(const CodeTrace& trace, CodeFacts* facts) {
  const TracedCall* call = SplitCall(trace);
  if (call == nullptr) return;
  const CellPlace place = call->place;
  const auto given = [&](const char* keyword) { return KeywordArgument(*call, {keyword}); };
  const Value seed = given("random_state"), shuffle = given("shuffle");
  const Value stratify = given("stratify");
  const bool ordered = shuffle.IsKnown() && shuffle.number == 0;
  facts->split.push_back({"merge", {"true", place, false, ""}});
  const Value test = given("test_size"), train = given("train_size");
  const bool by_train = !test.IsKnown() && train.IsKnown() && train.number > 0;
  const std::string& dataset = facts->dataset.text;
  Fact share =
      by_train ? RestOfTrainSize(train, dataset, place) : TestFraction(test, dataset, place);
  const bool unread = call->keywords.contains("test_size") && !test.IsKnown() && !by_train;
  if (unread && !test.Is(ValueKind::kNone)) share = UnreadNumber(test, place);
  AddDoubt(by_train ? train.doubt : test.doubt, &share);
  // Unshuffled, the last rows test; test_fraction would take the first.
  if (ordered && !share.text.starts_with('"'))
    share.text = NumberText(Rounded(1 - std::strtod(share.text.c_str(), nullptr)));
  facts->split.push_back({ordered ? "train_fraction" : "test_fraction", share});
  facts->split.push_back({"permutation", {ordered ? "none" : "numpy", place, false, ""}});
  if (ordered) return;
  facts->split.push_back({"seed",
                          {seed.IsKnown() ? NumberText(seed.number) : "0", place, !seed.IsKnown(),
                           seed.IsKnown() ? "" : "not set"}});
  const bool none = stratify.Is(ValueKind::kNone) || !call->keywords.contains("stratify");
  if (!none) facts->split.push_back({"stratify", {"true", place, false, ""}});
}

// How many rows a data set without test rows of its own has; 0 if that is not known.
double RowsToDivide(const CodeFacts& facts) {
  if (IsOneOf(facts.dataset.text, {"mnist", "fashion_mnist", "kmnist", "cifar10"})) return 0;
  for (const NamedFact& each : facts.dataset_keys) {
    if (each.key != "points") continue;
    const bool halves = facts.dataset.text == "two_spirals";
    return std::strtod(each.fact.text.c_str(), nullptr) * (halves ? 2 : 1);
  }
  return RowsOfAll(facts.dataset.text);
}

// x[:n] to train on and x[n:] to test, perhaps in a random order.
void ReadSlices(const CodeTrace& trace, CodeFacts* facts) {
  const double all = RowsToDivide(*facts);
  for (const TracedSlice& front : trace.slices) {
    const bool both = std::any_of(trace.slices.begin(), trace.slices.end(), [&](const auto& back) {
      return front.front && !back.front && back.rows == front.rows;
    });
    if (!both || front.rows >= all || front.rows < all / 2) continue;
    facts->split.push_back({"train_fraction", {FractionOf(front.rows, all, true), front.place}});
    const TracedDraw* shuffled = nullptr;
    for (const TracedDraw& draw : trace.draws) {
      const bool shuffles = draw.what == "shuffle" || draw.what == "permutation";
      if (shuffles && draw.generator == "numpy" && draw.order < front.order && draw.loops == 0) {
        shuffled = &draw;
      }
    }
    facts->split.push_back({"permutation",
                            {shuffled != nullptr ? "numpy" : "none",
                             shuffled != nullptr ? shuffled->place : front.place}});
    if (shuffled == nullptr) return;
    Fact seed{"0", shuffled->place, true, "not set"};
    for (const TracedSeed& s : trace.seeds) {
      const bool before = s.generator == "numpy" && s.order < shuffled->order;
      if (before && s.value.IsKnown()) seed = {NumberText(s.value.number), s.place};
    }
    facts->split.push_back({"seed", seed});
    return;
  }
}

// The rows of what a layer gets first in a loop, as in DataNote.
double FedIn(const TracedLoop& loop, const TracedLayer& layer) {
  for (size_t i = 0; i < layer.uses.size(); ++i) {
    if (layer.uses[i] >= loop.order) return layer.rows[i];
  }
  return 0;
}

// The rows that the training takes by a slice, x[:1000], and no other part of which is used.
void ReadTaken(const CodeTrace& trace, CodeFacts* facts) {
  double taken = 0;
  Fact fact;
  const auto rows_of = [](const Value& v) {
    return v.Is(ValueKind::kArray) && !v.object->data.labels ? v.object->data.rows : 0;
  };
  for (const TracedCall* call : MainCallsFirst(trace)) {
    if (LastPart(call->path) != "fit") continue;
    Value given = KeywordArgument(*call, {"x", "X"});
    if (given.Is(ValueKind::kUnknown) && !call->arguments.empty()) given = call->arguments[0];
    taken = rows_of(given);
    fact.place = call->place;
    break;
  }
  const TracedLoop* loop = EpochLoop(trace);
  const std::vector<size_t> chain = TrainedLayers(trace);
  if (fact.place.line == 0 && loop != nullptr && !chain.empty()) {
    taken = FedIn(*loop, trace.layers[chain.front()]);
    fact.place = loop->place;
    fact.guessed = taken != 0;
    fact.why = "the slice that the first layer got";
  }
  const bool pictures = IsOneOf(facts->dataset.text, {"mnist", "fashion_mnist", "kmnist"});
  const double all = pictures ? 60000 : RowsToDivide(*facts);
  const double rows = taken > 0 ? taken : all + taken;
  if (taken == 0 || rows < 1 || rows >= all) return;
  if (!facts->split.empty()) {
    const bool sliced = facts->split[0].key == "train_fraction";  // by that slice
    if (!sliced) {
      facts->inexpressible.push_back({"a slice of " + NumberText(rows) + " rows", fact.place});
    }
    return;
  }
  if (taken < 0) {
    fact.guessed = true;
    fact.why = "the last rows there; the first here";
  }
  fact.text = NumberText(rows);
  facts->rows = fact;
}

// torch's Subset(train, range(5000)).
void ReadSubset(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedCall& call : trace.calls) {
    if (LastPart(call.path) != "Subset" || call.arguments.empty()) continue;
    const std::string of = LowerCase(call.arguments[0].name);
    if (Contains(of, "test") || Contains(of, "val")) continue;
    Value rows = KeywordArgument(call, {"indices"});
    if (call.arguments.size() > 1) rows = call.arguments[1];
    const bool range = rows.Is(ValueKind::kRange) && rows.object->items[0].IsKnown() &&
                       rows.object->items[0].number == 0 && rows.object->items[1].IsKnown();
    if (range && facts->split.empty() && !facts->rows.found()) {
      facts->rows = NumberFact(rows.object->items[1], call.place);
      facts->rows.guessed = true;
      facts->rows.why = "of a Subset";
    } else {
      facts->inexpressible.push_back({"Subset: some of the rows alone", call.place});
    }
    return;
  }
}

}  // namespace

void ReadDataFacts(const CodeTrace& trace, CodeFacts* facts) {
  if (!ReadInlineData(trace, facts)) {
    if (!trace.datasets.empty()) {
      ReadNamed(trace, facts);
    } else {
      ReadDrawnPoints(trace, facts);
      if (!facts->dataset.found()) ReadFileName(trace, facts);
    }
    ReadScalingFacts(trace, facts);
    ReadSplit(trace, facts);
    if (facts->split.empty()) ReadSlices(trace, facts);
  }
  const double all = facts->split.empty() ? RowsOfAll(facts->dataset.text) : 0;
  const double rows = std::strtod(facts->rows.text.c_str(), nullptr);
  if (rows < 1 || rows > all / 2) facts->rows = {};
  if (!facts->rows.found()) ReadTaken(trace, facts);
  ReadSubset(trace, facts);
}

}  // namespace nabla
