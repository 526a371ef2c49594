#include "framework/verdict/comparison.h"

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

// p = k / 2^n is compared with decimal fractions.
constexpr double kSlack = 1e-12;

size_t PairCount(size_t settings) { return settings * (settings - 1) / 2; }

// The gains of a over b, of the seeds that both have.
std::vector<double> GainsOf(const ComparedValues& values, size_t a, size_t b,
                            bool smaller_is_better) {
  std::vector<double> gains;
  for (size_t seed = 0; seed < std::min(values[a].size(), values[b].size()); ++seed) {
    if (!values[a][seed] || !values[b][seed]) continue;
    gains.push_back(Gain(*values[a][seed], *values[b][seed], smaller_is_better));
  }
  return gains;
}

// Seeds that all settings have.
size_t CommonSeeds(const ComparedValues& values) {
  size_t common = 0;
  for (size_t seed = 0; seed < values.front().size(); ++seed) {
    common += std::ranges::all_of(
        values, [seed](const auto& own) { return seed < own.size() && own[seed].has_value(); });
  }
  return common;
}

}  // namespace

double ErrorOfLook(size_t look) {
  return kComparisonError / static_cast<double>(look * (look + 1));
}

size_t FirstLook(size_t settings) {
  constexpr size_t kFewest = 8;
  return std::max(kFewest, LeastPairs(ErrorOfLook(1) / static_cast<double>(PairCount(settings))));
}

size_t NextLook(size_t seeds, size_t last, std::span<const size_t> earlier) {
  size_t next = std::min(last, 2 * seeds);
  for (const size_t look : earlier) {
    if (look > seeds) next = std::min(next, look);
  }
  return next;
}

size_t LeastSeeds(size_t settings) {
  return LeastPairs(kComparisonError / static_cast<double>(PairCount(settings)));
}

Comparison::Comparison(size_t settings, bool smaller_is_better)
    : settings_(settings), smaller_is_better_(smaller_is_better) {
  for (size_t a = 0; a < settings; ++a) {
    for (size_t b = a + 1; b < settings; ++b) {
      ComparedPair& pair = pairs_.emplace_back();
      pair.a = a;
      pair.b = b;
    }
  }
}

bool Comparison::IsBeaten(size_t setting) const {
  return std::ranges::any_of(pairs_, [setting](const ComparedPair& pair) {
    return (pair.b == setting && pair.a_is_better()) || (pair.a == setting && pair.b_is_better());
  });
}

bool Comparison::IsDecided() const {
  size_t open = 0;
  for (size_t setting = 0; setting < settings_; ++setting) open += !IsBeaten(setting);
  return open <= 1;
}

std::vector<ComparedPair*> Comparison::Open() {
  std::vector<ComparedPair*> open;
  for (ComparedPair& pair : pairs_) {
    if (!pair.decided && !IsBeaten(pair.a) && !IsBeaten(pair.b)) open.push_back(&pair);
  }
  return open;
}

void Comparison::Test(const ComparedValues& values, double error) {
  std::vector<ComparedPair*> open = Open();
  const auto count = static_cast<double>(open.size());
  for (ComparedPair* pair : open) {
    pair->gains = GainsOf(values, pair->a, pair->b, smaller_is_better_);
    pair->test = TestPairs(pair->gains);
    pair->interval = PairedInterval(pair->gains, error / count);
  }
  std::ranges::stable_sort(open, {}, [](const ComparedPair* pair) { return pair->test.p(); });
  double largest = 0;
  for (size_t i = 0; i < open.size(); ++i) {
    const double factor = static_cast<double>(open.size() - i) * kComparisonError / error;
    largest = std::max(largest, std::min(1.0, open[i]->test.p() * factor));
    open[i]->corrected = largest;
  }
}

void Comparison::Look(const ComparedValues& values, double error) {
  const std::vector<ComparedPair*> open = Open();
  Test(values, error);
  for (ComparedPair* pair : open) {
    pair->decided = pair->corrected <= kComparisonError * (1 + kSlack);
  }
}

void Comparison::Glance(const ComparedValues& values, double error) { Test(values, error); }

std::optional<size_t> SeedsToDecide(double difference, double std, size_t open, size_t first) {
  constexpr size_t kMost = 1000000;
  size_t below = 0;  // the seeds of the look before
  size_t seeds = first;
  for (size_t look = 1; below < kMost; ++look, below = seeds, seeds *= 2) {
    const double error = ErrorOfLook(look) / static_cast<double>(std::max<size_t>(1, open));
    const auto needed = PairsFor(difference, std, error);
    if (!needed) return std::nullopt;
    if (*needed > static_cast<double>(seeds)) continue;
    return look == 1 ? first : std::max(static_cast<size_t>(*needed), below + 1);
  }
  return std::nullopt;
}

std::vector<bool> MayBeBest(const ComparedValues& values, bool smaller_is_better) {
  const size_t settings = values.size();
  if (settings < 2) return {};
  const double error = kComparisonError / static_cast<double>(settings - 1);
  if (CommonSeeds(values) < LeastPairs(2 * error)) return {};  // one-sided
  std::vector<bool> best(settings, true);
  for (size_t a = 0; a < settings; ++a) {
    for (size_t b = a + 1; b < settings; ++b) {
      if (!best[a] && !best[b]) continue;
      const PairedTest test = TestPairs(GainsOf(values, a, b, smaller_is_better));
      if (test.p_above <= error * (1 + kSlack)) best[b] = false;
      if (test.p_below <= error * (1 + kSlack)) best[a] = false;
    }
  }
  return best;
}

}  // namespace nabla
