#include "framework/verdict/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace nabla {
namespace {

const std::vector<double> kRuns = {0.71, 0.69, 0.74, 0.70, 0.72, 0.735, 0.705, 0.715};

TEST(StatisticsTest, DescribesRuns) {
  const Distribution d = Describe(kRuns);
  EXPECT_EQ(d.runs, 8u);
  EXPECT_NEAR(d.mean, 0.714375, 1e-15);
  EXPECT_NEAR(d.std, 0.01699527245189927, 1e-15);
  EXPECT_EQ(d.min, 0.69);
  EXPECT_EQ(d.max, 0.74);
  EXPECT_EQ(Describe(std::vector<double>{4.0, 4.0, 4.0}).std, 0);
  EXPECT_EQ(Describe(std::vector<double>{4.0}).std, 0);
  // The same accuracy of other numbers of rows, but for its last bit.
  const double share = 0.96666666666666667;
  EXPECT_EQ(Describe(std::vector<double>{share, std::nextafter(share, 1.0)}).std, 0);
  EXPECT_GT(Describe(std::vector<double>{share, share + 1e-14}).std, 0);
}

// The constants are scipy.stats.t's.
TEST(StatisticsTest, JudgesAMetricByStudentsT) {
  const MetricJudgement near = JudgeMetric({.printed = 0.76, .rounding = 0.005, .runs = kRuns});
  EXPECT_NEAR(near.z, 2.6845700843649203, 1e-12);
  EXPECT_NEAR(near.low, 0.6717497899947453, 1e-10);
  EXPECT_NEAR(near.high, 0.7570002100052546, 1e-10);
  EXPECT_NEAR(near.p, 0.05887912631815137, 1e-7);  // half a unit given
  EXPECT_TRUE(near.inside);
  EXPECT_FALSE(near.in_range);
  EXPECT_EQ(near.rank, 9u);

  const MetricJudgement far = JudgeMetric({.printed = 0.79, .rounding = 0.005, .runs = kRuns});
  EXPECT_NEAR(far.p, 0.005764527865134412, 1e-7);
  EXPECT_FALSE(far.inside);

  const MetricJudgement edge = JudgeMetric({.printed = 0.745, .rounding = 0.005, .runs = kRuns});
  EXPECT_TRUE(edge.in_range);  // 0.7400 may print as 0.74, whose next neighbour is 0.75
  EXPECT_EQ(JudgeMetric({.printed = 0.712, .runs = kRuns}).rank, 5u);
}

TEST(StatisticsTest, RunsThatAllAgreeStillHaveAVerdict) {
  const std::vector<double> same(5, 0.25);
  const MetricJudgement equal = JudgeMetric({.printed = 0.25, .rounding = 0.005, .runs = same});
  EXPECT_EQ(equal.z, 0);
  EXPECT_EQ(equal.p, 1);
  EXPECT_TRUE(equal.inside);
  const MetricJudgement off = JudgeMetric({.printed = 0.35, .rounding = 0.005, .runs = same});
  EXPECT_EQ(off.z, std::numeric_limits<double>::infinity());
  EXPECT_FALSE(off.inside);
  const MetricJudgement exact = JudgeMetric({.printed = 0.26, .runs = same});
  EXPECT_EQ(exact.p, 0);
  EXPECT_FALSE(exact.inside);
}

TEST(StatisticsTest, RunsWithoutAFiniteValueAreLeftOut) {
  std::vector<double> runs = kRuns;
  runs.insert(runs.begin() + 3, std::nan(""));
  runs.push_back(std::numeric_limits<double>::infinity());
  const ReferenceMetric with{.printed = 0.76, .rounding = 0.005, .runs = runs};
  const ReferenceMetric without{.printed = 0.76, .rounding = 0.005, .runs = kRuns};
  EXPECT_EQ(JudgeMetric(with).z, JudgeMetric(without).z);
  EXPECT_EQ(JudgeMetric(with).rank, 9u);
  EXPECT_EQ(JudgeMetric(with).ours.runs, 8u);
  EXPECT_FALSE(JudgeMetric({.printed = 1, .runs = {1, std::nan("")}}).has_interval());
}

}  // namespace
}  // namespace nabla
