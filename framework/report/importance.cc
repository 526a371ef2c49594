#include "framework/report/importance.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <span>
#include <utility>

#include "framework/base/generator.h"
#include "framework/report/report_parts.h"

namespace nabla {
namespace {

using Classes = std::vector<size_t>;  // of each run or setting, from 0

constexpr uint32_t kShuffles = 400;
constexpr double kChance = 0.95;

// From 1, the same for equal costs.
std::vector<double> RanksOf(const std::vector<RankedRun>& runs) {
  std::vector<size_t> order(runs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto cost = [&](size_t run) {
    return std::isfinite(runs[run].cost) ? runs[run].cost : std::numeric_limits<double>::infinity();
  };
  std::ranges::sort(order, {}, cost);
  std::vector<double> ranks(runs.size());
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    while (end < order.size() && cost(order[end]) == cost(order[begin])) ++end;
    for (size_t i = begin; i < end; ++i) {
      ranks[order[i]] = 0.5 * static_cast<double>(begin + 1 + end);
    }
    begin = end;
  }
  return ranks;
}

// The sum of squares between the classes.
double Between(std::span<const double> ranks, const Classes& classes) {
  std::vector<std::pair<double, double>> sums(1 + std::ranges::max(classes));
  for (size_t i = 0; i < ranks.size(); ++i) {
    auto& [sum, count] = sums[classes[i]];
    sum += ranks[i];
    ++count;
  }
  const double count = static_cast<double>(ranks.size());
  const double mean = std::accumulate(ranks.begin(), ranks.end(), 0.0) / count;
  double squares = 0;
  for (const auto& [sum, members] : sums) {
    if (members == 0) continue;
    const double off = sum / members - mean;
    squares += members * off * off;
  }
  return squares;
}

// One class for each value.
Classes ByValue(const std::vector<std::string>& values) {
  std::map<std::string, size_t> known;
  Classes classes;
  for (const std::string& value : values) {
    classes.push_back(known.emplace(value, known.size()).first->second);
  }
  return classes;
}

// About as many classes of neighbours as each has settings, and one of settings without the key;
// one for each value if there are no more, or if the values are no numbers.
Classes ByNeighbours(const std::vector<std::string>& values) {
  constexpr double kMost = 8;
  std::map<double, size_t> counts;
  for (const std::string& value : values) {
    if (value.empty()) continue;
    const auto number = NumberOf(value);
    if (!number) return ByValue(values);
    ++counts[*number];
  }
  const auto size = static_cast<double>(values.size() - std::ranges::count(values, ""));
  const double wanted = std::clamp(std::round(std::sqrt(size)), 2.0, kMost);
  if (static_cast<double>(counts.size()) <= wanted) return ByValue(values);
  std::map<double, size_t> class_of;
  size_t before = 0;
  for (const auto& [number, count] : counts) {
    const double middle = static_cast<double>(before) + 0.5 * static_cast<double>(count);
    class_of[number] = static_cast<size_t>(middle * wanted / size);
    before += count;
  }
  Classes classes;
  for (const std::string& value : values) {
    const auto number = NumberOf(value);
    classes.push_back(number ? 1 + class_of.at(*number) : 0);
  }
  return classes;
}

class Analysis {
 public:
  Analysis(const std::vector<std::string>& keys, const std::vector<RankedRun>& runs)
      : keys_(keys), ranks_(RanksOf(runs)) {
    std::map<std::vector<std::string>, size_t> known;
    for (const RankedRun& run : runs) {
      const auto [at, fresh] = known.emplace(run.settings, known.size());
      if (fresh) settings_.push_back(run.settings);
      setting_of_.push_back(at->second);
    }
    whole_ = Between(ranks_, Each(ranks_.size()));
    for (size_t k = 0; k < keys.size(); ++k) values_.push_back(ValuesOf(k));
    crossed_ = IsCrossed();
  }

  bool TellsAnything() const {
    const bool several = ranks_.size() > settings_.size();
    if (whole_ == 0 || settings_.size() < 2) return false;
    return keys_.size() > 1 ? settings_.size() >= 4 : several;
  }

  Importance Result() const {
    Importance result{.keys = {},
                      .runs = ranks_.size(),
                      .settings = settings_.size(),
                      .combinations = {},
                      .seeds = {}};
    double sum = 0;
    for (size_t k = 0; k < keys_.size(); ++k) {
      const Classes classes = crossed_ ? ByValue(values_[k]) : ByNeighbours(values_[k]);
      const double share = Share(OfRuns(classes));
      sum += share;
      result.keys.push_back({keys_[k], share, Chance(classes)});
    }
    const double settings = Share(setting_of_);
    if (ranks_.size() > settings_.size()) result.seeds = std::max(0.0, 1 - settings);
    if (crossed_ && keys_.size() > 1) result.combinations = std::max(0.0, settings - sum);
    std::ranges::stable_sort(result.keys, std::greater(), &KeyImportance::share);
    return result;
  }

 private:
  static Classes Each(size_t count) {
    Classes classes(count);
    std::iota(classes.begin(), classes.end(), size_t{0});
    return classes;
  }

  // Of each setting.
  std::vector<std::string> ValuesOf(size_t key) const {
    std::vector<std::string> values;
    for (const auto& setting : settings_) values.push_back(setting[key]);
    return values;
  }

  bool IsCrossed() const {
    double combinations = 1;
    for (const auto& values : values_) {
      combinations *= static_cast<double>(std::set(values.begin(), values.end()).size());
    }
    if (combinations != static_cast<double>(settings_.size())) return false;
    std::vector<size_t> counts(settings_.size());
    for (const size_t setting : setting_of_) ++counts[setting];
    return std::ranges::all_of(counts, [&](size_t count) { return count == counts.front(); });
  }

  Classes OfRuns(const Classes& of_settings) const {
    Classes classes;
    for (const size_t setting : setting_of_) classes.push_back(of_settings[setting]);
    return classes;
  }

  double Share(const Classes& of_runs) const { return Between(ranks_, of_runs) / whole_; }

  // Deals the values out anew: to the runs where all settings are alike in number and kind, which
  // is on the safe side if other keys have an effect; else to the settings, whose runs belong
  // together.
  double Chance(const Classes& classes) const {
    const auto generator = MakeGenerator(RngKind::kNabla, 0);
    std::vector<uint32_t> order(crossed_ ? ranks_.size() : settings_.size());
    const Classes of_runs = OfRuns(classes);
    std::vector<double> shares;
    for (uint32_t i = 0; i < kShuffles; ++i) {
      generator->Permutation(order);
      Classes dealt;
      for (const uint32_t at : order) dealt.push_back(crossed_ ? of_runs[at] : classes[at]);
      shares.push_back(Share(crossed_ ? dealt : OfRuns(dealt)));
    }
    const auto at = shares.begin() + static_cast<ptrdiff_t>(kChance * kShuffles);
    std::nth_element(shares.begin(), at, shares.end());
    return *at;
  }

  const std::vector<std::string>& keys_;
  const std::vector<double> ranks_;
  std::vector<std::vector<std::string>> settings_;  // each once
  std::vector<size_t> setting_of_;                  // of each run
  std::vector<std::vector<std::string>> values_;    // by key and setting
  double whole_ = 0;
  bool crossed_ = false;
};

}  // namespace

std::optional<Importance> FindImportance(const std::vector<std::string>& keys,
                                         const std::vector<RankedRun>& runs) {
  if (keys.empty() || runs.size() < 2) return std::nullopt;
  const Analysis analysis(keys, runs);
  if (!analysis.TellsAnything()) return std::nullopt;
  return analysis.Result();
}

}  // namespace nabla
