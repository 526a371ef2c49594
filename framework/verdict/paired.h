// Pairs of runs that share a seed: is one setting really better than the other?
//
// Runs of the same seed share their first weights and the order of their rows, so their results go
// up and down together, and the difference within a pair tells far more than two means do. If the
// settings make no difference, each run of a pair could have been that of the other setting: every
// difference is as likely to be d as -d. That is all that is assumed here.
//
// The test is Wilcoxon's signed-rank test (Wilcoxon, Individual comparisons by ranking methods,
// 1945) with its exact distribution: the differences that are not zero are ranked by size, ties get
// the mean of their ranks, and W is the sum of the ranks of the positive ones. Its null
// distribution is that of the same ranks with all 2^n combinations of signs. Ranks are why a run
// that diverged can take part: its difference is the largest of all.
#ifndef NABLA_FRAMEWORK_VERDICT_PAIRED_H_
#define NABLA_FRAMEWORK_VERDICT_PAIRED_H_

#include <cstddef>
#include <optional>
#include <span>

namespace nabla {

// By how much the value a is better than b. Infinite if only one is finite, since a number that is
// not finite is worse than all others; 0 if neither is, or if they differ by rounding only.
double Gain(double a, double b, bool smaller_is_better);

struct PairedTest {
  size_t pairs = 0;
  size_t positive = 0;  // differences
  size_t negative = 0;
  size_t infinite = 0;  // of both signs
  double mean = 0;      // of the finite ones; NaN if there is none
  double std = 0;       // of the same, with divisor n - 1; 0 for a single one
  double p_above = 1;   // P(W >= observed): small if the differences are above zero
  double p_below = 1;   // P(W <= observed)

  // Two-sided.
  double p() const;
};

// Exact up to kMostExactPairs differences that are not zero; for more, W is taken as normal with
// its exact mean and variance.
inline constexpr size_t kMostExactPairs = 1000;
PairedTest TestPairs(std::span<const double> differences);

// The two-sided p of n pairs is 2^(1 - n) or more: the fewest pairs that can give p <= error.
size_t LeastPairs(double error);

struct Interval {
  double low = 0;  // -infinity: no bound
  double high = 0;
};

// Holds the centre of the differences with probability 1 - error or more: the test inverted, that
// is, all shifts that it would not reject. Its ends are ordered means of two differences (Hodges
// and Lehmann, 1963; Tukey); as a closed interval it holds with ties too (Noether, 1967). Takes at
// most kMostExactPairs differences.
Interval PairedInterval(std::span<const double> differences, double error);

// About how many pairs give p <= error with a probability of 80 % where the differences have this
// mean and standard deviation: (z(1 - error / 2) + z(0.8))^2 (std / mean)^2 pi / 3, where 3 / pi is
// the efficiency of ranks for normal differences. At least LeastPairs; nothing if mean is 0.
std::optional<double> PairsFor(double mean, double std, double error);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_PAIRED_H_
