// The numbers that are not worked out here are SciPy's (1.10), made by
//
//   import numpy as np; from scipy import stats
//   for alternative in ['two-sided', 'greater', 'less']:
//     stats.wilcoxon(d, alternative=alternative, mode='exact').pvalue             # without ties
//     stats.permutation_test((d[d != 0],), W, permutation_type='samples', vectorized=True,
//                            n_resamples=np.inf, alternative=alternative).pvalue  # with ties
//     stats.wilcoxon(d, alternative=alternative, mode='approx').pvalue            # d of 1501
//
// where W = lambda d, axis: (stats.rankdata(abs(d), axis=axis) * (d > 0)).sum(axis=axis). The ends
// of an interval are the first and the last mean m of two d with
//   max(stats.wilcoxon(d - m + e, mode='exact').pvalue for e in [-1e-7, 1e-7]) > error.
#include "framework/verdict/paired.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace nabla {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::vector<double> kSix = {0.011, 0.002, 0.009, 0.004, 0.007, 0.013};
const std::vector<double> kEight = {0.021, -0.004, 0.013, 0.008, 0.017, -0.001, 0.026, 0.011};
const std::vector<double> kTen = {1.5, -0.3, 0.7, 2.2, -1.1, 0.9, 3.1, -0.6, 1.2, 0.4};
const std::vector<double> kTwenty = {2.189,  0.837,  0.496,  -1.463, 0.123, 0.045, 0.317,
                                     -0.227, 0.356,  -0.077, -0.914, 1.285, 1.281, 2.11,
                                     0.45,   -0.005, -0.145, -1.146, 1.382, -0.701};

void ExpectTest(const std::vector<double>& differences, double p, double above, double below) {
  const PairedTest test = TestPairs(differences);
  EXPECT_NEAR(test.p(), p, 1e-13);
  EXPECT_NEAR(test.p_above, above, 1e-13);
  EXPECT_NEAR(test.p_below, below, 1e-13);
}

TEST(PairedTest, IsSciPysWilcoxonTest) {
  ExpectTest(kSix, 0.03125, 0.015625, 1.0);
  ExpectTest(kEight, 0.0390625, 0.01953125, 0.98828125);
  ExpectTest(kTen, 0.083984375, 0.0419921875, 0.9677734375);
  ExpectTest(kTwenty, 0.21616744995117188, 0.10808372497558594, 0.8987751007080078);
  const std::vector<double> sixty = {
      0.5412,  -0.2309, 2.5308,  -0.1521, 0.2096,  1.6825,  -0.8092, -0.4916, 0.2876,  -0.2299,
      -1.0928, -0.1049, -0.2588, 0.7035,  -1.5648, -0.6002, 1.2514,  1.9573,  -1.4112, 0.7448,
      -0.8806, -0.7569, -0.7719, -0.3225, 1.0964,  0.8124,  0.1591,  -0.2633, 0.1033,  -0.0059,
      0.8931,  -0.5316, 0.0938,  -0.0011, 0.0477,  0.3492,  0.2977,  1.4348,  0.0131,  1.6615,
      -0.2059, -0.3777, 0.2007,  0.4554,  0.3696,  1.392,   1.2393,  0.5944,  -0.2363, -0.0006,
      1.5134,  0.3213,  -1.2108, -0.5896, -0.4775, 1.2522,  -0.0072, 2.3601,  0.7566,  0.2248};
  EXPECT_NEAR(TestPairs(sixty).p(), 0.12001991303067087, 1e-12);
}

TEST(PairedTest, TiesAndZerosAreThoseOfThePermutationTest) {
  const std::vector<double> ties = {1, -1, 2, 2, 3, -1, 4, 2, 1, 5};
  ExpectTest(ties, 0.021484375, 0.0107421875, 0.9951171875);
  const std::vector<double> zeros = {0, 1, 1, 0, 2, -1, 3, 0, 2, 1, 2};
  ExpectTest(zeros, 0.0390625, 0.01953125, 0.99609375);
  const PairedTest test = TestPairs(zeros);
  EXPECT_EQ(test.pairs, 11u);
  EXPECT_EQ(test.positive, 7u);
  EXPECT_EQ(test.negative, 1u);
}

// Accuracies of 30 rows: differences that are equal on paper are ties.
TEST(PairedTest, RoundingBreaksNoTies) {
  std::vector<double> thirtieths;
  std::vector<double> whole;
  for (const int step : {1, -1, 2, 2, 3, -1, 4, 2, 1, 5}) {
    const double base = static_cast<double>(thirtieths.size() + 11) / 30;
    const double more = static_cast<double>(thirtieths.size() + 11) + step;
    thirtieths.push_back(Gain(more / 30, base, false));
    whole.push_back(step);
  }
  EXPECT_EQ(TestPairs(thirtieths).p(), TestPairs(whole).p());
}

TEST(PairedTest, ManyPairsAreSciPysApproximation) {
  std::vector<double> differences;
  for (int k = 1; k <= 1501; ++k) differences.push_back(k * 7919 % 1501 < 830 ? k : -k);
  const PairedTest test = TestPairs(differences);
  EXPECT_NEAR(test.p_above, 0.00020467903403603466, 1e-12);
  EXPECT_NEAR(test.p(), 0.0004093580680720693, 1e-12);
  // Where both are to be had, they agree.
  differences.clear();
  for (int k = 1; k <= 1000; ++k) differences.push_back(k * 7919 % 1009 < 520 ? k : -k);
  EXPECT_NEAR(TestPairs(differences).p(), 0.4607832236155477, 1e-3);
}

TEST(PairedTest, NothingAndEqualRunsDecideNothing) {
  EXPECT_EQ(TestPairs({}).p(), 1);
  EXPECT_TRUE(std::isnan(TestPairs({}).mean));
  EXPECT_EQ(TestPairs(std::vector<double>(20, 0.0)).p(), 1);
  EXPECT_EQ(TestPairs(std::vector<double>{-1, 1}).p(), 1);
}

TEST(PairedTest, ADivergedRunIsWorseThanAllOthers) {
  EXPECT_EQ(Gain(0.5, kNan, false), kInfinity);
  EXPECT_EQ(Gain(0.5, kNan, true), kInfinity);
  EXPECT_EQ(Gain(-kInfinity, 1e9, true), -kInfinity);
  EXPECT_EQ(Gain(kNan, kInfinity, true), 0);
  EXPECT_EQ(Gain(2, 1.5, true), -0.5);
  EXPECT_EQ(Gain(0.1 + 0.2, 0.3, false), 0);
  // Ranks: infinite differences are as large as 3 and 4 would be, and tie.
  const PairedTest test = TestPairs(std::vector<double>{1, -2, kInfinity, kInfinity});
  EXPECT_EQ(test.p(), TestPairs(std::vector<double>{1, -2, 3, 3}).p());
  EXPECT_EQ(test.infinite, 2u);
  EXPECT_EQ(test.mean, -0.5);
}

TEST(PairedTest, TheFewestPairs) {
  EXPECT_EQ(LeastPairs(0.05), 6u);
  EXPECT_EQ(LeastPairs(0.03125), 6u);
  EXPECT_EQ(LeastPairs(0.03), 7u);
  EXPECT_EQ(LeastPairs(1), 1u);
}

void ExpectInterval(const std::vector<double>& differences, double error, double low, double high) {
  const Interval interval = PairedInterval(differences, error);
  EXPECT_NEAR(interval.low, low, 1e-12) << error;
  EXPECT_NEAR(interval.high, high, 1e-12) << error;
}

TEST(PairedTest, IntervalsInvertIt) {
  ExpectInterval(kSix, 0.05, 0.002, 0.013);
  ExpectInterval(kSix, 0.2, 0.0045, 0.011);
  ExpectInterval(kEight, 0.05, 0.002, 0.021);
  ExpectInterval(kEight, 0.2, 0.006, 0.017);
  ExpectInterval(kEight, 0.01, -0.004, 0.026);
  ExpectInterval(kTen, 0.05, -0.1, 1.75);
  ExpectInterval(kTen, 0.2, 0.2, 1.35);
  ExpectInterval(kTen, 0.01, -0.6, 2.2);
  ExpectInterval(kTwenty, 0.05, -0.152, 0.799);
  ExpectInterval(kTwenty, 0.2, -0.011, 0.604);
  ExpectInterval(kTwenty, 0.01, -0.353, 0.9825);
}

TEST(PairedTest, IntervalsHaveNoEndWhereTheTestCannotReject) {
  const Interval none = PairedInterval(kSix, 0.03);  // p is 0.03125 or more
  EXPECT_EQ(none.low, -kInfinity);
  EXPECT_EQ(none.high, kInfinity);
  const Interval empty = PairedInterval({}, 0.05);
  EXPECT_EQ(empty.low, -kInfinity);
  // Runs of one setting diverged: its differences have no upper bound.
  std::vector<double> differences = kEight;
  differences.push_back(kInfinity);
  const Interval upper = PairedInterval(differences, 0.05);
  EXPECT_TRUE(std::isfinite(upper.low));
  EXPECT_EQ(upper.high, kInfinity);
  // Some of either: the mean of both infinities bounds nothing.
  const Interval both = PairedInterval(
      std::vector<double>{kInfinity, -kInfinity, kInfinity, -kInfinity, 1, 2, 1, 2}, 0.05);
  EXPECT_EQ(both.low, -kInfinity);
  EXPECT_EQ(both.high, kInfinity);
}

// (1.959964 + 0.841621)^2 = 7.848880.
TEST(PairedTest, PairsForADifference) {
  EXPECT_EQ(PairsFor(0.5, 1, 0.05), std::ceil(7.848880 * 4 * 1.0471976));
  EXPECT_EQ(PairsFor(-0.5, 1, 0.05), PairsFor(0.5, 1, 0.05));
  EXPECT_EQ(PairsFor(5, 1, 0.05), 6);  // fewer decide nothing
  EXPECT_FALSE(PairsFor(0, 1, 0.05).has_value());
  EXPECT_FALSE(PairsFor(kNan, 1, 0.05).has_value());
}

}  // namespace
}  // namespace nabla
