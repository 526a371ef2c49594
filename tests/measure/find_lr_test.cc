#include "framework/measure/find_lr.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "framework/base/error.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

// A loss that falls from 2 to 1 around 1e-2, as a logistic curve over log lr.
std::vector<RatePoint> Falling() {
  std::vector<RatePoint> points;
  for (int i = 0; i < 100; ++i) {
    const double log = -6 + 0.06 * i;
    const double loss = 2 - 1 / (1 + std::exp(-4 * (log + 2)));
    points.push_back({std::pow(10, log), loss, loss});
  }
  return points;
}

TEST(FindLrTest, TakesTheSteepestPoint) {
  const RateTest test = JudgeRates(Falling(), false);
  EXPECT_FALSE(test.diverged);
  EXPECT_NEAR(std::log10(*test.steepest), -2, 0.06);
  EXPECT_NEAR(*test.suggestion, *test.steepest, 0.05 * *test.steepest);
  EXPECT_NE(RateText(test).find("did not diverge"), std::string::npos);
}

TEST(FindLrTest, StaysATenthBelowWhereItDiverges) {
  std::vector<RatePoint> points = Falling();
  points.resize(72);  // up to 1.8e-2
  const RateTest test = JudgeRates(points, true);
  EXPECT_EQ(*test.diverged, points.back().lr);
  EXPECT_NEAR(*test.suggestion, points.back().lr / 10, 1e-4);
}

// The last point of a loss that is no longer finite is no number.
TEST(FindLrTest, WhereTheLossIsNoNumberItIsNotSteepest) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::vector<RatePoint> points = Falling();
  points.back().loss = points.back().smoothed = kNone;
  const RateTest test = JudgeRates(points, true);
  EXPECT_NEAR(std::log10(*test.steepest), -2, 0.06);
  EXPECT_NEAR(*test.suggestion, *test.steepest, 0.05 * *test.steepest);
}

TEST(FindLrTest, SuggestsNothingIfTheLossNeverFalls) {
  std::vector<RatePoint> points = Falling();
  for (RatePoint& p : points) p.smoothed = p.loss = 1;
  const RateTest test = JudgeRates(points, false);
  EXPECT_FALSE(test.suggestion);
  EXPECT_NE(RateText(test).find("the loss never fell"), std::string::npos);
}

ExperimentSpec<float> Spec(const std::string& optimizer) {
  return ParseExperiment<float>(
      ParseYaml("name: toy\n"
                "dataset: synthetic_digits\n"
                "model: [{name: linear, units: 16}, relu, {name: linear, units: 4}]\n"
                "loss: cross_entropy\n"
                "schedule: {name: step, step_size: 1, gamma: 0.1}\n"
                "train: {batch_size: 20, epochs: 1}\n"
                "optimizer: " +
                    optimizer + "\n",
                "toy"),
      ToyRegistry());
}

DataSplits Data() { return {"toy", ToySamples(100, 20, 4), ToySamples(20, 20, 4)}; }

TEST(FindLrTest, EveryOptimizersRateGrowsAndTheThreadsDoNotShow) {
  const DataSplits data = Data();
  for (const std::string& name : ToyRegistry().Names("optimizer")) {
    std::vector<std::string> tables;
    for (const size_t count : {1, 2}) {
      Threads threads(count);
      const RateRange range{.from = 1e-4, .to = 1, .steps = 40};
      const RateTest test = TestRates(Spec(name), ToyRegistry(), data, range, threads);
      tables.push_back(RateCsv(test));
      ASSERT_FALSE(test.points.empty()) << name;
      EXPECT_DOUBLE_EQ(test.points.front().lr, 1e-4);
      if (!test.diverged) {
        ASSERT_EQ(test.points.size(), 40u) << name;
        EXPECT_NEAR(test.points.back().lr, 1, 1e-9);
      }
      for (size_t i = 1; i < test.points.size(); ++i) {
        EXPECT_NEAR(test.points[i].lr / test.points[i - 1].lr, std::pow(1e4, 1.0 / 39), 1e-9);
      }
    }
    EXPECT_EQ(tables[0], tables[1]) << name;
  }
}

TEST(FindLrTest, StopsWhereItDiverges) {
  const DataSplits data = Data();
  Threads threads(1);
  const RateRange range{.from = 1e-3, .to = 1e12, .steps = 100};
  const RateTest test = TestRates(Spec("sgd"), ToyRegistry(), data, range, threads);
  ASSERT_TRUE(test.diverged);
  EXPECT_LT(test.points.size(), 100u);
  EXPECT_LE(*test.suggestion, *test.diverged / 9);
  // Smoothed as the header says: a bias-corrected average that forgets a tenth a step.
  double sum = 0;
  for (size_t i = 0; i + 1 < test.points.size(); ++i) {
    sum = 0.9 * sum + 0.1 * test.points[i].loss;
    EXPECT_NEAR(test.points[i].smoothed, sum / (1 - std::pow(0.9, i + 1)), 1e-9 * sum);
  }
}

}  // namespace
}  // namespace nabla
