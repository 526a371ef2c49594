// Losses and penalties, from what the program computes of outputs and weights.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/facts/facts.h"
#include "framework/facts/trace_search.h"

namespace nabla {
namespace {

const TracedLoss* FindLoss(const CodeTrace& trace, int layer, std::string_view what) {
  for (const TracedLoss& loss : trace.losses) {
    if (loss.layer == layer && loss.what == what) return &loss;
  }
  return nullptr;
}

// Squares by what is done to them last, and the loss that this is.
struct SquareLoss {
  const char* form;
  const char* loss;
  const char* doubt;  // "" if there is none
};

constexpr SquareLoss kSquares[] = {
    {"half square rows", "half_mse", ""},
    {"square rows", "{name: mse, reduction: sum_classes}", ""},
    {"half square mean", "half_mse", "half of the mean of all numbers"},
    {"square mean", "mse", ""},
    {"half square sum", "{name: half_mse, reduction: sum}", ""},
    {"square sum", "{name: mse, reduction: sum}", ""},
    {"half square", "half_mse", "a mean or a sum?"},
    {"square", "mse", "or half_mse, or {name: mse, reduction: sum_classes}: read the code"}};

bool ReadSquares(const CodeTrace& trace, int layer, bool one_output, CodeFacts* facts) {
  for (const SquareLoss& square : kSquares) {
    const TracedLoss* found = FindLoss(trace, layer, square.form);
    if (found == nullptr) continue;
    const std::string form = square.form;
    std::string loss = square.loss, doubt = square.doubt;
    // A row at a time: the sum over that row.
    const bool sums = form.ends_with("sum") && facts->batch_size.text == "1";
    if (sums) loss = form.starts_with("half") ? "half_mse" : "{name: mse, reduction: sum_classes}";
    if (one_output && form == "half square mean") doubt.clear();
    if (one_output && loss.ends_with("sum_classes}")) loss = "mse";
    facts->loss = {loss, found->place, !doubt.empty(), doubt};
    return true;
  }
  return false;
}

// Whether updates divide by a number of rows, or by a whole number that may be one; true too where
// the gradient cannot be followed.
bool DividesByRows(const CodeTrace& trace, const CodeFacts& facts) {
  const auto scales_inputs = [&](const Value& f) {
    return std::ranges::any_of(trace.scalings, [&](const TracedScaling& s) {
      return s.what == "divide" && s.value.IsKnown() && s.value.number * f.number == 1;
    });
  };
  const auto divides = [&](const Value& f) {
    const bool rate = f.IsKnown() && NumberText(f.number) == facts.rate.text;
    if (rate || scales_inputs(f)) return false;
    const double divisor = f.number != 0 ? 1 / f.number : 0;
    const bool whole = divisor >= 2 && std::abs(divisor - std::round(divisor)) < 1e-9;
    return f.invented || f.counts_rows || (f.text.empty() && whole);
  };
  bool traced = false;
  for (const TracedUpdate& update : trace.updates) {
    if (!update.of_layer || !update.traced) continue;
    traced = true;
    if (std::any_of(update.factors.begin(), update.factors.end(), divides)) return true;
  }
  return !traced;
}

// Whether the program computes the gradient behind this layer by itself.
bool IsByHand(const CodeTrace& trace, int layer) {
  return layer >= 0 && trace.layers[static_cast<size_t>(layer)].library.empty() &&
         FindCall(trace, {".backward", ".grad"}) == nullptr &&
         std::any_of(trace.updates.begin(), trace.updates.end(),
                     [](const TracedUpdate& u) { return u.of_layer; });
}

// The loss whose gradient the program computes by itself, where that is another one than it prints:
// many forget the 2 of a square.
void ReadGradient(const CodeTrace& trace, int layer, bool one_output, CodeFacts* facts) {
  const bool by_hand = !facts->loss.guessed && IsByHand(trace, layer);
  const TracedLoss* once = FindLoss(trace, layer, "p-y");
  if (!by_hand || once == nullptr) return;
  const TracedLoss* size = FindLoss(trace, layer, "2(p-y)/size");
  const TracedLoss* twice = size != nullptr ? size : FindLoss(trace, layer, "2(p-y)");
  const bool sums =
      size == nullptr && !DividesByRows(trace, *facts) && facts->batch_size.text != "1";
  std::string trained = "half_mse";
  if (twice != nullptr) {
    trained = size != nullptr || one_output ? "mse" : "{name: mse, reduction: sum_classes}";
  }
  if (sums)
    trained = fmt::format("{{name: {}, reduction: sum}}", twice != nullptr ? "mse" : "half_mse");
  if (trained == facts->loss.text) return;
  facts->shown_loss = facts->loss;
  const CellPlace place = twice != nullptr ? twice->place : once->place;
  facts->loss = {trained, place, true, "by the gradient: as it is computed"};
}

// "{name: bce, reduction: sum}" of "bce".
std::string Summed(const std::string& loss) {
  return loss[0] == '{' ? loss.substr(0, loss.size() - 1) + ", reduction: sum}"
                        : fmt::format("{{name: {}, reduction: sum}}", loss);
}

// Cross entropies whose gradient is a sum over the rows.
void ReadSummedGradient(const CodeTrace& trace, int layer, CodeFacts* facts) {
  const TracedLoss* once = FindLoss(trace, layer, "p-y");
  const bool sums = IsByHand(trace, layer) && !DividesByRows(trace, *facts) &&
                    facts->batch_size.text != "1" && !facts->loss.guessed;
  if (!sums) return;
  const bool mean = FindLoss(trace, layer, "log mean") != nullptr ||
                    FindLoss(trace, layer, "log rows") != nullptr;
  if (mean) facts->shown_loss = facts->loss;
  const CellPlace place = once != nullptr ? once->place : facts->loss.place;
  facts->loss = {Summed(facts->loss.text), place, true, "by the gradient: no mean over rows seen"};
}

// With all rows at once: whether the loss is computed behind the update.
void ReadOrder(const CodeTrace& trace, int layer, CodeFacts* facts) {
  if (!IsByHand(trace, layer)) return;
  auto update =
      std::find_if(trace.updates.begin(), trace.updates.end(),
                   [&](const TracedUpdate& u) { return u.of_layer && trace.InMain(u.order); });
  if (update == trace.updates.end()) {
    update = std::find_if(trace.updates.begin(), trace.updates.end(),
                          [](const TracedUpdate& u) { return u.of_layer; });
  }
  if (update == trace.updates.end()) return;
  // Of those in the loop, if there are any: some print a first loss before it.
  const TracedLoop* loop = EpochLoop(trace);
  const TracedLoss* printed = nullptr;
  for (const TracedLoss& loss : trace.losses) {
    if (loss.layer != layer || Contains(loss.what, "p-y")) continue;
    const bool inside = loop != nullptr && loss.made > loop->order;
    if (printed == nullptr || inside) printed = &loss;
    if (inside) break;
  }
  const bool all_rows = facts->batch_size.text == "1000000";
  if (printed != nullptr && all_rows && printed->made > update->order) {
    facts->train_loss = {"after", printed->place, false, "computed after the update"};
  }
}

void ReadLogs(const TracedLoss& log, const std::string& activation, CodeFacts* facts) {
  const bool softmax = activation == "softmax" || activation.empty();
  facts->loss = {softmax ? "cross_entropy" : "nll", log.place, !softmax,
                 softmax ? "" : "log of outputs without softmax"};
  // A clamp is kept as a negative number added.
  const char* key = log.epsilon > 0 ? "epsilon" : "clamp";
  if (softmax && log.epsilon != 0) {
    facts->loss.text = fmt::format("{{name: cross_entropy, {}: {}}}", key,
                                   NumberText(log.epsilon > 0 ? log.epsilon : -log.epsilon));
  }
}

bool IsPenaltyName(const std::string& name) {
  const std::string n = LowerCase(name);
  return Contains(n, "lambd") || Contains(n, "lmbd") || n.starts_with("reg") || n == "lam" ||
         n == "l2" || n == "l2_reg";
}

// The number among the factors of a penalty, or what it is divided by a number of rows.
const Value* StrengthOf(const TracedPenalty& penalty) {
  for (const Value& f : penalty.factors) {
    if (KnownSize(f) > 0) return &f;
  }
  return nullptr;
}

void AddPenalty(Fact strength, bool per_row, const CodeTrace& trace, CodeFacts* facts) {
  std::vector<NamedFact> entry = {{"l2", std::move(strength)}};
  if (per_row) entry.push_back({"per_row", {"true", entry[0].fact.place, false, ""}});
  if (trace.weight_sums.empty()) {
    entry.push_back({"shown", {"none", {}, true, "the code shows no sum of squared weights"}});
  }
  facts->penalties.push_back(std::move(entry));
}

}  // namespace

void ReadTracedLoss(const CodeTrace& trace, int layer, CodeFacts* facts) {
  const TracedLayer* last = layer >= 0 ? &trace.layers[static_cast<size_t>(layer)] : nullptr;
  const std::string activation = last != nullptr ? last->activation : "";
  const TracedLoss* log = FindLoss(trace, layer, "log");
  const bool one = last != nullptr && last->units.IsKnown() && last->units.number == 1;
  ReadOrder(trace, layer, facts);
  if (log != nullptr) {
    if (FindLoss(trace, layer, "log1m") != nullptr) {
      facts->loss = {"bce", log->place, false, ""};
    } else {
      ReadLogs(*log, activation, facts);
    }
    ReadSummedGradient(trace, layer, facts);
  } else if (ReadSquares(trace, layer, one, facts)) {
    ReadGradient(trace, layer, one, facts);
  } else if (activation == "softmax") {
    facts->loss = {"cross_entropy", {}, true, "after a softmax"};
  } else if (activation == "sigmoid") {
    facts->loss = {"half_mse", {}, true, "no loss seen; or mse, bce"};
  }
}

void ReadPenaltyFacts(const CodeTrace& trace, CodeFacts* facts) {
  for (const TracedPenalty& penalty : trace.penalties) {
    const Value* strength = StrengthOf(penalty);
    if (strength == nullptr) continue;
    return AddPenalty(NumberFact(*strength, penalty.place), strength->invented, trace, facts);
  }
  // A loss that has one, whose gradient is not in the notebook.
  if (trace.weight_sums.empty() || trace.weight_sums[0].what != "square") return;
  for (const TracedSetting& s : trace.settings) {
    if (!IsPenaltyName(s.name) || !s.value.IsKnown() || s.value.number <= 0) continue;
    Fact fact = NumberFact(s.value, s.place);
    fact.guessed = true;
    fact.why = "by its name";
    return AddPenalty(fact, true, trace, facts);
  }
  facts->inexpressible.push_back(
      {"squares of weights: a penalty?", trace.weight_sums[0].place, false, ""});
}

void ReadBesides(const CodeTrace& trace, CodeFacts* facts) {
  std::vector<std::string> told;
  for (const TracedSetting& s : trace.settings) {
    const std::string name = LowerCase(s.name);
    const bool penalty = IsPenaltyName(name) || name == "l1" || Contains(name, "weight_decay");
    const bool decay =
        name == "decay" || Contains(name, "decay_rate") || Contains(name, "lr_decay");
    const bool drop = name == "keep_prob" || Contains(name, "dropout");
    const bool decays = std::ranges::any_of(
        facts->optimizer_keys, [](const NamedFact& each) { return each.key == "weight_decay"; });
    const bool told_elsewhere =
        (penalty && (decays || !facts->penalties.empty())) || (decay && !facts->schedule.empty());
    if (!(penalty || decay || drop) || told_elsewhere || !s.value.IsKnown() || s.value.number == 0)
      continue;
    if (drop && s.value.number == 1) continue;
    if (told.size() > 10) continue;
    const std::string what = s.name + " = " + NumberText(s.value.number) +
                             (penalty ? ": a penalty on the weights?"
                              : drop  ? ": dropout?"
                                      : ": does the rate fall?");
    if (std::find(told.begin(), told.end(), what) != told.end()) continue;
    told.push_back(what);
    facts->inexpressible.push_back({what, s.place, false, ""});
  }
}

}  // namespace nabla
