#include "framework/verdict/race.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace nabla {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// `values` printed figures with `runs` draws from N(mean, std^2) each.
std::vector<ReferenceMetric> Drawn(double printed, double mean, double std, size_t values,
                                   size_t runs, std::mt19937& random) {
  std::normal_distribution<double> normal(mean, std);
  std::vector<ReferenceMetric> all(values);
  for (ReferenceMetric& one : all) {
    one.printed = printed;
    for (size_t i = 0; i < runs; ++i) one.runs.push_back(normal(random));
  }
  return all;
}

TEST(MisfitTest, OneValueIsStudentsDensity) {
  // Runs 1 and 3: mean 2, s^2 = 2; with the typical width 1, k = (2 + 1) / 2, s^2 = (2 + 3) / 3
  // and w^2 = 2.5.
  const std::vector<ReferenceMetric> values = {{.printed = 4, .rounding = 0, .runs = {1, 3}}};
  const Misfit misfit = MisfitOf(values, std::vector<double>{1});
  EXPECT_NEAR(misfit.deviations, 2 / std::sqrt(2.5), 1e-6);
  // scipy: t.logpdf(0, 4) - t.logpdf(sqrt(1.6), 4) = 0.8411806, and log(sqrt(2.5)) = 0.4581454.
  EXPECT_NEAR(misfit.distance, 0.8411806, 1e-6);
  EXPECT_NEAR(misfit.loss, 0.8411806 + 0.4581454, 1e-6);
}

// Two runs of one value say little about its width, those of many values more.
TEST(MisfitTest, RunsThatScatterEverywhereAreNotFar) {
  std::mt19937 random(2);
  const std::vector<double> typical(20, 0.1);
  EXPECT_LT(MisfitOf(Drawn(3, 2, 1, 20, 2, random), typical).distance, 1.5);
  EXPECT_GT(MisfitOf(Drawn(3, 2, 0.1, 20, 2, random), typical).distance, 5);
}

TEST(MisfitTest, IsSmallestForTheHypothesisThatIsTrue) {
  std::mt19937 random(1);
  const std::vector<double> typical(10, 0.1);
  const Misfit near = MisfitOf(Drawn(1, 1.02, 0.1, 10, 4, random), typical);
  const Misfit far = MisfitOf(Drawn(1, 2, 0.1, 10, 4, random), typical);
  const Misfit wide = MisfitOf(Drawn(1, 1.02, 10, 10, 4, random), typical);
  EXPECT_LT(near.loss, 1);
  EXPECT_LT(near, far);
  EXPECT_LT(near, wide) << "runs that scatter everywhere say nothing";
  EXPECT_LT(wide.distance, 1) << "but they are not far";
  EXPECT_GT(far.distance, 3);
}

TEST(MisfitTest, RoundingAndConstantValuesAreNoInfiniteDeviation) {
  const std::vector<ReferenceMetric> rounded = {
      {.printed = 0.71, .rounding = 0.005, .runs = {0.7149, 0.7149}}};
  EXPECT_LT(MisfitOf(rounded, std::vector<double>{0}).deviations, 2);
  const std::vector<ReferenceMetric> constant = {
      {.printed = 0.5, .rounding = 0, .runs = {0.5, 0.5}}};
  EXPECT_EQ(MisfitOf(constant, std::vector<double>{0}).deviations, 0);
  const std::vector<ReferenceMetric> other = {{.printed = 0.6, .rounding = 0, .runs = {0.5, 0.5}}};
  EXPECT_EQ(MisfitOf(other, std::vector<double>{0}).deviations, kMostDeviations);
}

TEST(MisfitTest, RunsThatAreNotFiniteAreTheWorst) {
  const std::vector<double> typical = {1};
  const auto of = [&](std::vector<double> runs) {
    return MisfitOf(std::vector<ReferenceMetric>{{.printed = 3, .rounding = 0, .runs = runs}},
                    typical);
  };
  EXPECT_EQ(of({kNaN, kNaN}).deviations, kMostDeviations);
  EXPECT_LT(of({2, 4}), of({2, kNaN}));
  EXPECT_LT(of({2, kNaN}), of({kNaN, kNaN}));
  EXPECT_TRUE(std::isfinite(of({kNaN, HUGE_VAL}).loss));
}

TEST(TypicalDeviationsTest, AreMediansOverHypotheses) {
  const auto value = [](std::vector<double> runs) {
    return ReferenceMetric{.printed = 0, .rounding = 0, .runs = std::move(runs)};
  };
  const std::vector<std::vector<ReferenceMetric>> hypotheses = {
      {value({0, 2})}, {value({0, 200})}, {value({0, 4})}, {value({kNaN, 1})}};
  ASSERT_EQ(TypicalDeviations(hypotheses).size(), 1u);
  EXPECT_NEAR(TypicalDeviations(hypotheses)[0], 4 / std::sqrt(2), 1e-12);
  EXPECT_EQ(TypicalDeviations({{value({1})}}), std::vector<double>{0});
  EXPECT_TRUE(TypicalDeviations({}).empty());
}

std::vector<size_t> Kept(const std::vector<Runner>& runners, size_t keep, size_t of_family) {
  std::vector<size_t> kept;
  for (const Runner& one : Survivors(runners, keep, of_family)) kept.push_back(one.index);
  return kept;
}

TEST(SurvivorsTest, AreTheBestAndOfSeveralFamilies) {
  std::vector<Runner> runners;
  for (size_t i = 0; i < 6; ++i) {
    const auto far = static_cast<double>(i);
    runners.push_back({i, i < 4 ? "rate" : "batch", {.loss = far, .distance = far}});
  }
  EXPECT_EQ(Kept(runners, 4, 2), (std::vector<size_t>{0, 1, 4, 5}));
  EXPECT_EQ(Kept(runners, 1, 9), std::vector<size_t>{0});
  EXPECT_EQ(Kept(runners, 9, 9).size(), 6u);
  EXPECT_TRUE(Survivors({}, 3, 3).empty());
}

TEST(SurvivorsTest, KeepOneThatScatters) {
  std::vector<Runner> runners;
  for (size_t i = 0; i < 9; ++i) {
    runners.push_back({i, "rate", {.loss = static_cast<double>(i), .distance = 2}});
  }
  runners[8].misfit.distance = 0.5;
  EXPECT_EQ(Kept(runners, 4, 9), (std::vector<size_t>{0, 1, 8, 2}));
}

// The search for one number, as the rounds of a race do it.
TEST(BetweenTest, HomesInOnANumber) {
  std::vector<double> tried = {1000, 2500, 5000, 20000, 60000};
  double best = 0;
  for (int round = 0; round < 4; ++round) {
    best = *std::min_element(tried.begin(), tried.end(), [](double a, double b) {
      return std::abs(std::log(a / 11000)) < std::abs(std::log(b / 11000));
    });
    for (const double number : Between(best, tried, true)) tried.push_back(number);
  }
  EXPECT_NEAR(best, 11000, 1000);
}

TEST(BetweenTest, GivesRoundNumbersThatAreNew) {
  EXPECT_EQ(Between(0.1, {0.01, 0.1, 1}, false), (std::vector<double>{0.03, 0.3}));
  EXPECT_EQ(Between(0.0025, {0.0025, 0.00333}, false), (std::vector<double>{0.003}));
  EXPECT_EQ(Between(1.25, {1.25, 1.6}, false), (std::vector<double>{1.4}));
  EXPECT_EQ(Between(8, {8, 16}, true), std::vector<double>{10});
  EXPECT_TRUE(Between(8, {8}, true).empty());
  EXPECT_TRUE(Between(100, {100, 110}, true).empty());
  EXPECT_TRUE(Between(1, {1, 2}, true).empty()) << "the mean rounds to one that was tried";
}

TEST(HolmTest, IsThatOfStatsmodels) {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.5), "holm").
  const std::vector<double> corrected = HolmCorrected({0.01, 0.04, 0.03, 0.5});
  const std::vector<double> wanted = {0.04, 0.09, 0.09, 0.5};
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(corrected[i], wanted[i], 1e-12);
  EXPECT_TRUE(HolmCorrected({}).empty());
  EXPECT_EQ(HolmCorrected({0.9, 0.8}), (std::vector<double>{1, 1}));
}

}  // namespace
}  // namespace nabla
