#include "framework/verdict/paired.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "framework/verdict/statistics.h"

namespace nabla {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Relative. Differences of accuracies k / n that are equal on paper differ by less than this.
constexpr double kSameSize = 1e-9;
constexpr double kSameValue = 1e-12;

// The ranks of the sizes of the differences that are not zero, and the sum W of those of the
// positive ones. Both are doubled if there are ties, whose mean rank may be a half.
struct SignedRanks {
  std::vector<size_t> ranks;
  size_t sum = 0;
};

SignedRanks RanksOf(std::span<const double> differences) {
  std::vector<double> sorted;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(sorted),
               [](double d) { return d != 0; });
  std::ranges::sort(sorted, {}, [](double d) { return std::abs(d); });
  SignedRanks signs;
  for (size_t begin = 0; begin < sorted.size();) {
    const double limit = std::abs(sorted[begin]) * (1 + kSameSize);
    size_t end = begin;
    while (end < sorted.size() && std::abs(sorted[end]) <= limit) ++end;
    const size_t rank = begin + end + 1;  // twice the mean of begin + 1 .. end
    for (size_t i = begin; i < end; ++i) {
      signs.ranks.push_back(rank);
      if (sorted[i] > 0) signs.sum += rank;
    }
    begin = end;
  }
  if (std::ranges::all_of(signs.ranks, [](size_t rank) { return rank % 2 == 0; })) {
    for (size_t& rank : signs.ranks) rank /= 2;
    signs.sum /= 2;
  }
  return signs;
}

// P(W = w) for w = 0 .. most, where each rank is in the sum W with probability 1/2.
std::vector<double> SumProbabilities(std::span<const size_t> ranks, size_t most) {
  std::vector<double> share(most + 1);
  share[0] = 1;
  size_t top = 0;
  for (const size_t rank : ranks) {
    top = std::min(most, top + rank);
    for (size_t w = top + 1; w-- > 0;) {
      share[w] = (share[w] + (w >= rank ? share[w - rank] : 0)) / 2;
    }
  }
  return share;
}

struct Tails {
  double below = 1;  // P(W <= w)
  double above = 1;  // P(W >= w)
};

// Of a w that is at most half of the sum of all ranks.
Tails LowerTails(std::span<const size_t> ranks, size_t w) {
  if (ranks.size() <= kMostExactPairs) {
    const std::vector<double> share = SumProbabilities(ranks, w);
    const double below = std::accumulate(share.begin(), share.end(), 0.0);
    return {below, 1 - below + share[w]};
  }
  double mean = 0;
  double variance = 0;
  for (const size_t rank : ranks) {
    mean += 0.5 * static_cast<double>(rank);
    variance += 0.25 * static_cast<double>(rank) * static_cast<double>(rank);
  }
  const double z = (static_cast<double>(w) - mean) / std::sqrt(2 * variance);
  return {0.5 * std::erfc(-z), 0.5 * std::erfc(z)};
}

// The largest c with P(W <= c) <= error / 2 for the ranks 1 .. n, plus 1; 0 if there is none.
size_t OutsideCount(size_t n, double error) {
  std::vector<size_t> ranks(n);
  for (size_t i = 0; i < n; ++i) ranks[i] = i + 1;
  const std::vector<double> share = SumProbabilities(ranks, n * (n + 1) / 4);
  size_t count = 0;
  double sum = 0;
  while (count < share.size() && sum + share[count] <= error / 2) sum += share[count++];
  return count;
}

// The means of all pairs of differences, and of each with itself. That of +infinity and -infinity
// is `mixed`.
std::vector<double> PairMeans(std::span<const double> differences, double mixed) {
  std::vector<double> means;
  means.reserve(differences.size() * (differences.size() + 1) / 2);
  for (size_t i = 0; i < differences.size(); ++i) {
    for (size_t j = 0; j <= i; ++j) {
      const double mean = 0.5 * differences[i] + 0.5 * differences[j];
      means.push_back(std::isnan(mean) ? mixed : mean);
    }
  }
  return means;
}

double Quantile(double share) {
  return boost::math::quantile(boost::math::normal_distribution<>(), share);
}

}  // namespace

double Gain(double a, double b, bool smaller_is_better) {
  if (!std::isfinite(a) || !std::isfinite(b)) {
    if (!std::isfinite(a) && !std::isfinite(b)) return 0;
    return std::isfinite(a) ? kInfinity : -kInfinity;
  }
  const double gain = smaller_is_better ? b - a : a - b;
  return std::abs(gain) <= kSameValue * std::max(std::abs(a), std::abs(b)) ? 0 : gain;
}

double PairedTest::p() const { return std::min(1.0, 2 * std::min(p_above, p_below)); }

PairedTest TestPairs(std::span<const double> differences) {
  PairedTest test{.pairs = differences.size()};
  std::vector<double> finite;
  for (const double d : differences) {
    test.positive += d > 0;
    test.negative += d < 0;
    if (std::isfinite(d)) finite.push_back(d);
  }
  test.infinite = differences.size() - finite.size();
  const Distribution distribution = Describe(finite);
  test.mean = finite.empty() ? std::numeric_limits<double>::quiet_NaN() : distribution.mean;
  test.std = distribution.std;
  const auto [ranks, sum] = RanksOf(differences);
  const size_t rest = std::accumulate(ranks.begin(), ranks.end(), size_t{0}) - sum;
  // W is symmetric about half of the sum of all ranks.
  const Tails tails = LowerTails(ranks, std::min(sum, rest));
  test.p_below = sum <= rest ? tails.below : tails.above;
  test.p_above = sum <= rest ? tails.above : tails.below;
  return test;
}

size_t LeastPairs(double error) {
  size_t pairs = 1;
  for (double p = 1; p > error; p /= 2) ++pairs;
  return pairs;
}

Interval PairedInterval(std::span<const double> differences, double error) {
  const size_t outside = OutsideCount(differences.size(), error);
  if (outside == 0) return {-kInfinity, kInfinity};
  const auto ordered = [&](double mixed, size_t from_end) {
    std::vector<double> means = PairMeans(differences, mixed);
    const size_t at = mixed < 0 ? from_end : means.size() - 1 - from_end;
    std::ranges::nth_element(means, means.begin() + static_cast<std::ptrdiff_t>(at));
    return means[at];
  };
  return {ordered(-kInfinity, outside - 1), ordered(kInfinity, outside - 1)};
}

std::optional<double> PairsFor(double mean, double std, double error) {
  constexpr double kPower = 0.8;
  if (mean == 0 || !std::isfinite(mean)) return std::nullopt;
  const double z = Quantile(1 - error / 2) + Quantile(kPower);
  const double pairs = std::pow(z * std / mean, 2) * std::numbers::pi / 3;
  return std::max(std::ceil(pairs), static_cast<double>(LeastPairs(error)));
}

}  // namespace nabla
