// How a program scales inputs and targets.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

bool IsOneOf(const std::string& name, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* each) { return name == each; });
}

// Where rows are divided into those to train on and to test: by train_test_split, or x[:n] and
// x[n:]; 0 if nowhere.
int DividedAt(const CodeTrace& trace) {
  if (const TracedCall* split = FindCall(trace, {"train_test_split"})) return split->order;
  for (const TracedSlice& front : trace.slices) {
    const auto is_rest = [&](const TracedSlice& s) { return !s.front && s.rows == front.rows; };
    const bool both = front.front && std::any_of(trace.slices.begin(), trace.slices.end(), is_rest);
    if (both) return front.order;
  }
  return 0;
}

// Scalings of inputs by a kind, and by whose rows.
struct Kind {
  const TracedScaling* first = nullptr;
  int own = 0;
  bool before = false;  // the rows are divided
};

Kind KindOf(const CodeTrace& trace, const std::string& what) {
  Kind kind;
  const int divided = DividedAt(trace);
  for (const TracedScaling& s : trace.scalings) {
    if (s.what != what) continue;
    if (kind.first == nullptr) kind.first = &s;
    kind.own += s.own ? 1 : 0;
    kind.before = kind.before || (divided > 0 && s.order < divided);
  }
  return kind;
}

// scikit-learn's make_pipeline(StandardScaler(), MLPClassifier()).
const TracedCall* InPipeline(const CodeTrace& trace, const char* scaler) {
  const bool pipeline = FindCall(trace, {"make_pipeline", ".Pipeline"}) != nullptr;
  return pipeline ? FindCall(trace, {scaler}) : nullptr;
}

// By whose moments, where that is not the rows to train on.
void ReadBy(const CodeTrace& trace, const Kind& kind, CodeFacts* facts) {
  if (facts->standardise_by.found()) return;
  const CellPlace place = kind.first->place;
  if (kind.before) {
    facts->standardise_by = {"all_rows", place, false, "before the split"};
  } else if (kind.own > 1 && DividedAt(trace) > 0) {
    facts->standardise_by = {"each_split", place, true, "each by its own moments"};
  }
}

// [0, 1], that of the scaler, or what a multiplication and a difference behind make of it.
Fact RangeOf(const CodeTrace& trace, const TracedScaling& by) {
  const Value& given = by.value;
  if (given.Is(ValueKind::kSequence) && given.object->items.size() == 2) {
    const Value &low = given.object->items[0], &high = given.object->items[1];
    if (!low.IsKnown() || !high.IsKnown()) return {"[0, 1]", by.place, true, "or another range"};
    return {fmt::format("[{}, {}]", NumberText(low.number), NumberText(high.number)), by.place};
  }
  double low = 0, high = 1;
  for (const TracedScaling& s : trace.scalings) {
    const bool near = s.order > by.order && s.place.cell == by.place.cell &&
                      s.place.line <= by.place.line + 1 && s.value.IsKnown();
    if (near && s.what == "multiply") high *= s.value.number;
    if (!near || s.what != "subtract") continue;
    low -= s.value.number;
    high -= s.value.number;
  }
  return {fmt::format("[{}, {}]", NumberText(low), NumberText(high)), by.place};
}

void ReadFeatures(const CodeTrace& trace, CodeFacts* facts) {
  const Kind standard = KindOf(trace, "standardise"), range = KindOf(trace, "minmax");
  const bool both = standard.first != nullptr && range.first != nullptr;
  if (const Kind& kind = standard.first != nullptr ? standard : range; kind.first != nullptr) {
    if (standard.first != nullptr) {
      facts->standardise = {"true", standard.first->place, both, both ? "or min_max" : ""};
    } else {
      facts->min_max = RangeOf(trace, *range.first);
    }
    ReadBy(trace, kind, facts);
    return;
  }
  if (const TracedCall* call = InPipeline(trace, "StandardScaler")) {
    facts->standardise = {"true", call->place};
  } else if (const TracedCall* ranged = InPipeline(trace, "MinMaxScaler")) {
    Value given = KeywordArgument(*ranged, {"feature_range"});
    if (given.Is(ValueKind::kUnknown) && !ranged->arguments.empty()) given = ranged->arguments[0];
    const bool said = given.Is(ValueKind::kSequence);
    facts->min_max = said ? RangeOf(trace, TracedScaling{"minmax", given, ranged->place, false, 0})
                          : Fact{"[0, 1]", ranged->place, !given.Is(ValueKind::kUnknown), ""};
  }
  for (const char* other : {"PCA", "RobustScaler", "MaxAbsScaler", "Normalizer", "PowerTransformer",
                            "QuantileTransformer", "PolynomialFeatures", "TruncatedSVD"}) {
    if (const TracedCall* call = InPipeline(trace, other)) {
      facts->inexpressible.push_back({std::string("inputs changed by ") + other, call->place});
    }
  }
}

void ReadRows(const CodeTrace& trace, CodeFacts* facts) {
  static constexpr std::pair<const char*, const char*> kKinds[] = {
      {"row standardise", "standardise"},
      {"row minmax", "min_max"},
      {"row max", "max"},
      {"row norm", "norm"}};
  for (const TracedScaling& s : trace.scalings) {
    for (const auto& [what, name] : kKinds) {
      if (s.what == what && !facts->scale_rows.found()) facts->scale_rows = {name, s.place};
    }
  }
}

void ReadTargets(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedScaling& s : trace.scalings) {
    if (!s.what.starts_with("targets ")) continue;
    if (s.what == "targets standardise") {
      if (!facts->standardise_targets.found()) facts->standardise_targets = {"true", s.place};
    } else {
      facts->inexpressible.push_back({"the targets are scaled by " + s.what.substr(8), s.place});
    }
  }
}

// What was seen beyond that, each once.
void ListOthers(const CodeTrace& trace, CodeFacts* facts) {
  std::vector<std::string> told;
  for (const TracedScaling& s : trace.scalings) {
    const bool whole = s.what.starts_with("whole ");
    if (!whole && !s.what.starts_with("other ")) continue;
    const std::string text =
        whole ? "inputs scaled by the mean, range or largest of all numbers together"
              : "inputs changed by " + s.what.substr(6);
    if (std::find(told.begin(), told.end(), text) != told.end()) continue;
    told.push_back(text);
    facts->inexpressible.push_back({text, s.place});
  }
}

// Division, then shift, then width, each once; what a test set gets too is the same.
struct Scalings {
  const TracedScaling *scale = nullptr, *mean = nullptr, *std = nullptr;
};

Scalings ScalingsOf(const CodeTrace& trace) {
  Scalings found;
  for (const TracedScaling& s : trace.scalings) {
    const bool width = s.value.IsKnown() && s.value.number > 0;
    if (s.what == "subtract" && found.mean == nullptr) {
      found.mean = &s;
    } else if (s.what == "multiply" && found.mean != nullptr && found.std == nullptr && width) {
      found.std = &s;
    } else if (s.what == "divide" && width) {
      if (found.mean != nullptr && found.std == nullptr) {
        found.std = &s;
      } else if (found.mean == nullptr && found.scale == nullptr) {
        found.scale = &s;
      }
    }
  }
  return found;
}

// Moments of all numbers of the training rows together, known of some data sets.
struct WholeMoments {
  const char *name, *scale, *mean, *std;
};

constexpr WholeMoments kWhole[] = {
    {"mnist", "255", "0.1306604762738429", "0.3081078038564622"},
    {"fashion_mnist", "255", "0.28604059698879553", "0.35302424451492237"},
    {"digits8x8", "16", "0.30526028624095713", "0.3760492217920148"}};

// x / 255, and x / max or (x - min) / (max - min) of all pixels, which is the same.
void ReadPixels(const CodeTrace& trace, bool pictures, CodeFacts* facts) {
  const auto add = [&](const char* key, const Fact& fact) {
    facts->dataset_keys.push_back({key, fact});
  };
  const Kind standard = KindOf(trace, "whole standardise");
  for (const WholeMoments& known : kWhole) {
    if (standard.first == nullptr || facts->dataset.text != known.name) continue;
    const CellPlace place = standard.first->place;
    add("scale", {known.scale, place});
    add("mean", {known.mean, place, true, "of all numbers of the data set together"});
    add("std", {known.std, place, true, "likewise"});
    return;
  }
  const Scalings found = ScalingsOf(trace);
  const Kind by_max = KindOf(trace, "whole max"), by_range = KindOf(trace, "whole minmax");
  const TracedScaling* whole = by_max.first != nullptr ? by_max.first : by_range.first;
  const bool digits = facts->dataset.text == "digits8x8";
  const bool scaled = found.scale == nullptr && facts->scale_rows.text.empty() &&
                      !facts->min_max.found() && !facts->standardise.found();
  if (whole != nullptr && (pictures || digits)) {
    add("scale", {digits ? "16" : "255", whole->place, false, "the largest pixel"});
  } else if (found.scale != nullptr) {
    add("scale", {NumberText(found.scale->value.number), found.scale->place});
  } else if (pictures && scaled) {
    add("scale", {"255", {}, true, "no division of the pixels seen; 1: none"});
  }
  if (found.mean == nullptr || !found.mean->value.IsKnown() || facts->min_max.found()) return;
  add("mean", {NumberText(found.mean->value.number), found.mean->place});
  if (found.std == nullptr) return;
  const double width =
      found.std->what == "multiply" ? 1 / found.std->value.number : found.std->value.number;
  add("std", {NumberText(width), found.std->place});
}

}  // namespace

void ReadScalingFacts(const CodeTrace& trace, CodeFacts* facts) {
  ReadFeatures(trace, facts);
  ReadRows(trace, facts);
  ReadTargets(trace, facts);
  const bool pictures =
      IsOneOf(facts->dataset.text, {"mnist", "fashion_mnist", "kmnist", "cifar10"});
  const bool scales = pictures || IsOneOf(facts->dataset.text,
                                          {"csv", "iris", "wine", "breast_cancer", "digits8x8"});
  const size_t keys = facts->dataset_keys.size();
  if (scales) ReadPixels(trace, pictures, facts);
  const bool whole =
      std::any_of(facts->dataset_keys.begin() + static_cast<long>(keys), facts->dataset_keys.end(),
                  [](const NamedFact& each) { return each.key == "scale"; });
  CodeFacts others;
  ListOthers(trace, &others);
  for (const Fact& other : others.inexpressible) {
    if (whole && other.text.starts_with("inputs scaled by the mean")) continue;
    facts->inexpressible.push_back(other);
  }
}

}  // namespace nabla
