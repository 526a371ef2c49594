#include "experiments/pair_choice.h"

#include <algorithm>
#include <cmath>

#include "framework/base/signals.h"
#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

// Of a run, where no hypothesis has two.
constexpr double kUsualWidth = 0.02;

// About so many, evenly spread, say what all of them do.
constexpr size_t kMostValues = 64;

double Median(std::vector<double> values) {
  if (values.empty()) return kUsualWidth;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<double> ScaledRuns(const ReferenceMetric& value, double rows) {
  std::vector<double> runs;
  for (const double run : value.runs) runs.push_back(OnEffectScale(run, rows));
  return runs;
}

}  // namespace

std::vector<std::vector<double>> PairChoice::RunsOf(size_t candidate) const {
  const auto values = runs_.Values(candidate, runs_of_each_, last_);
  const size_t stride = values.size() / kMostValues + 1;
  std::vector<std::vector<double>> runs;
  for (size_t i = 0; i < values.size(); i += stride) {
    runs.push_back(ScaledRuns(values[i], rows_[i]));
  }
  return runs;
}

std::vector<double> PairChoice::MeanOf(size_t candidate) const {
  std::vector<double> means;
  for (const std::vector<double>& runs : RunsOf(candidate)) means.push_back(Describe(runs).mean);
  return means;
}

std::vector<double> PairChoice::EffectOf(size_t candidate) const {
  std::vector<double> effect = MeanOf(candidate);
  for (size_t i = 0; i < effect.size(); ++i) effect[i] -= base_[i];
  return effect;
}

// Of many pairs that come equally near, those of which both halves are usual are meant. The sizes
// are guesses: they outweigh what runs leave uncertain, about 0.2, and little more.
void PairChoice::LearnRarities() {
  constexpr double kRare = 0.15;
  constexpr double kLater = 0.03;  // twice as far back in its family
  std::map<std::string, double> of_family;
  effects_.rarity.assign(runs_.candidates().size(), 0);
  for (const size_t c : singles_) {
    const Hypothesis& own = runs_.candidates()[c].hypothesis;
    const double place = own.family == "grid" ? 0 : of_family[own.family]++;
    effects_.rarity[c] = kRare * own.rarity + kLater * std::log2(1 + place);
  }
}

double PairChoice::RarityOf(size_t candidate) const {
  const auto own = [this](size_t c) { return c < effects_.rarity.size() ? effects_.rarity[c] : 0; };
  const auto* halves = HalvesOf(candidate);
  return halves == nullptr ? own(candidate) : own(halves->first) + own(halves->second);
}

void PairChoice::Learn(const std::vector<size_t>& singles, size_t runs, int64_t last) {
  singles_ = singles;
  runs_of_each_ = runs;
  last_ = last;
  effects_ = {};
  rows_ = runs_.RowsOfShares(last);
  base_ = MeanOf(0);
  LearnRarities();
  if (base_.empty()) return;
  std::vector<std::vector<double>> widths(base_.size());
  effects_.known.resize(runs_.candidates().size());
  for (const size_t c : singles) {
    effects_.known[c] = c == 0 ? std::vector<double>() : EffectOf(c);
    const auto values = RunsOf(c);
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i].size() > 1) widths[i].push_back(Describe(values[i]).std);
    }
  }
  const auto written = runs_.Values(0, runs, last);
  const size_t stride = written.size() / kMostValues + 1;
  for (size_t i = 0; i < base_.size(); ++i) {
    const size_t place = i * stride;
    const auto& [printed, rounding, own] = written[place];
    effects_.wanted.push_back(OnEffectScale(printed, rows_[place]) - base_[i]);
    const double rounded = ChangeOnEffectScale(printed, rounding, rows_[place]) / std::sqrt(3);
    effects_.width.push_back(std::hypot(Median(std::move(widths[i])), rounded));
  }
}

bool PairChoice::Add(size_t a, size_t b, std::vector<size_t>* added) {
  const Hypothesis one = runs_.candidates()[a].hypothesis;
  const Hypothesis other = runs_.candidates()[b].hypothesis;
  if (!tried_.insert(std::minmax(a, b)).second) return false;
  if (!Agree(one, other) || !runs_.Add(Joined(one, other))) return false;
  added->push_back(runs_.candidates().size() - 1);
  halves_[added->back()] = {a, b};
  return true;
}

bool PairChoice::MayJoin(size_t a, size_t b) const {
  const auto& all = runs_.candidates();
  return !tried_.contains(std::minmax(a, b)) && Agree(all[a].hypothesis, all[b].hypothesis);
}

std::vector<size_t> PairChoice::Likeliest(size_t count, const std::vector<size_t>& known,
                                          Clock::time_point end) {
  const std::set<size_t> excluded(known.begin(), known.end());
  const auto may_join = [&](size_t a, size_t b) {
    return !excluded.contains(a) && !excluded.contains(b) && MayJoin(a, b);
  };
  std::vector<size_t> added;
  for (const auto& [a, b] : LikeliestPairs(effects_, 2 * count, may_join)) {
    if (added.size() == count || CaughtSignal() != 0 || Clock::now() >= end) break;
    Add(a, b, &added);
  }
  return added;
}

std::vector<size_t> PairChoice::Beside(size_t count, const std::vector<size_t>& known,
                                       Clock::time_point end) {
  std::vector<size_t> added;
  const auto may_join = [this](size_t a, size_t b) { return MayJoin(a, b); };
  for (const auto& [a, b] : PairsBeside(effects_, count, known, may_join)) {
    if (CaughtSignal() != 0 || Clock::now() >= end) break;
    Add(a, b, &added);
  }
  return added;
}

std::vector<size_t> PairChoice::Near(const std::vector<size_t>& pairs, size_t count) {
  std::vector<size_t> added;
  for (const size_t pair : pairs) {
    const std::vector<double> effect = EffectOf(pair);
    const auto halves = halves_.find(pair);
    if (effect.empty() || halves == halves_.end()) continue;
    const auto [a, b] = halves->second;
    for (const auto& [kept, left] : {std::pair(a, b), std::pair(b, a)}) {
      std::vector<std::pair<double, size_t>> others;
      for (size_t c = 0; c < effects_.known.size(); ++c) {
        if (effects_.known[c].empty() || c == left) continue;
        std::vector<double> change = effects_.known[c];
        for (size_t i = 0; i < change.size(); ++i) change[i] -= effects_.known[left][i];
        others.emplace_back(DistanceOfSum(effects_, effect, change) + RarityOf(c), c);
      }
      std::ranges::sort(others);
      size_t left_to_add = count;
      for (const auto& [distance, other] : others) {
        if (left_to_add == 0 || CaughtSignal() != 0) break;
        if (Add(kept, other, &added)) --left_to_add;
      }
    }
  }
  return added;
}

}  // namespace nabla
