#include "framework/verdict/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "framework/base/generator.h"

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
}

// The constants are scipy.stats.t's.
TEST(StatisticsTest, JudgesAMetricByStudentsT) {
  const MetricJudgement near =
      JudgeMetric({.printed = 0.76, .rounding = 0.005, .list = 0, .runs = kRuns});
  EXPECT_NEAR(near.z, 2.6845700843649203, 1e-12);
  EXPECT_NEAR(near.low, 0.6717497899947453, 1e-10);
  EXPECT_NEAR(near.high, 0.7570002100052546, 1e-10);
  EXPECT_NEAR(near.p, 0.05887912631815137, 1e-7);  // half a unit given
  EXPECT_TRUE(near.inside);
  EXPECT_FALSE(near.in_range);
  EXPECT_EQ(near.rank, 9u);

  const MetricJudgement far =
      JudgeMetric({.printed = 0.79, .rounding = 0.005, .list = 0, .runs = kRuns});
  EXPECT_NEAR(far.p, 0.005764527865134412, 1e-7);
  EXPECT_FALSE(far.inside);

  const MetricJudgement edge =
      JudgeMetric({.printed = 0.745, .rounding = 0.005, .list = 0, .runs = kRuns});
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

  std::vector<ReferenceMetric> curve(3, {.printed = 0.25, .rounding = 0.005, .runs = same});
  EXPECT_EQ(JudgeCurve(curve).verdict, Verdict::kReproduced);
  curve[1].printed = 0.35;
  EXPECT_EQ(JudgeCurve(curve).verdict, Verdict::kNotReproduced);
}

TEST(StatisticsTest, ExactValuesAllowForTheLastDigitOnly) {
  const ReferenceMetric printed{.printed = 2.4021, .rounding = 0.00005};
  EXPECT_TRUE(PrintsAs(2.402099, printed));
  EXPECT_TRUE(PrintsAs(2.40205, printed));
  EXPECT_FALSE(PrintsAs(2.40204, printed));
  EXPECT_FALSE(PrintsAs(std::nan(""), printed));
}

TEST(StatisticsTest, FewRunsAreNotJudged) {
  const std::vector<ReferenceMetric> curve = {{.printed = 1, .runs = {1, 2}}};
  EXPECT_EQ(JudgeCurve(curve).verdict, Verdict::kNotJudged);
  EXPECT_EQ(JudgeCurve({}).verdict, Verdict::kNotJudged);
}

// Deviations of a single metric from the others, and the tail by scipy.stats.f.
TEST(StatisticsTest, BeyondAllRunsTheTailDecides) {
  std::vector<ReferenceMetric> curve = {{.printed = 2.0, .runs = {1.0, 1.2, 0.9, 1.1, 1.05, 0.8}}};
  CurveJudgement far = JudgeCurve(curve);
  EXPECT_NEAR(far.notebook.distance, 6.425396041156863, 1e-12);
  ASSERT_EQ(far.ours.size(), 6u);
  EXPECT_NEAR(far.ours[1].distance, 1.7436255002314776, 1e-12);
  EXPECT_NEAR(far.ours[5].largest, 2.0412414523193156, 1e-12);
  EXPECT_EQ(far.as_far, 0u);
  EXPECT_NEAR(far.p, 0.0005395387322870897, 1e-12);
  EXPECT_EQ(far.verdict, Verdict::kUnusual);

  curve[0].printed = 1.25;  // 1.7 deviations out: two runs are as far or farther
  const CurveJudgement ranked = JudgeCurve(curve);
  EXPECT_EQ(ranked.as_far, 2u);
  EXPECT_DOUBLE_EQ(ranked.p, 3.0 / 7);
}

// Curves of correlated steps around 1, which all print with three decimals.
class Curves {
 public:
  Curves(uint64_t seed, double correlation)
      : generator_(MakeGenerator(RngKind::kNabla, seed)), correlation_(correlation) {}

  std::vector<double> Next(size_t length) {
    std::vector<double> steps(length);
    generator_->Normal(steps, 0, 1);
    std::vector<double> curve;
    double x = 0;
    for (size_t i = 0; i < length; ++i) {
      const double fresh = i == 0 ? 1 : std::sqrt(1 - correlation_ * correlation_);
      x = correlation_ * x + fresh * steps[i];
      curve.push_back(1 + 0.01 * x);
    }
    return curve;
  }

  // `runs` curves and the notebook's, its values changed by `alter`.
  template <typename F>
  CurveJudgement Judge(size_t runs, size_t length, F alter) {
    std::vector<ReferenceMetric> metrics(length, {.rounding = 0.0005});
    for (size_t run = 0; run < runs; ++run) {
      const std::vector<double> curve = Next(length);
      for (size_t i = 0; i < length; ++i) metrics[i].runs.push_back(curve[i]);
    }
    const std::vector<double> notebook = Next(length);
    for (size_t i = 0; i < length; ++i) {
      metrics[i].printed = std::round(1000 * alter(i, notebook[i])) / 1000;
    }
    return JudgeCurve(metrics);
  }

 private:
  std::unique_ptr<Generator> generator_;
  double correlation_;
};

// How often, in percent, a notebook that is one more of our own runs is called what.
struct Alarms {
  double unusual = 0;
  double not_reproduced = 0;
};

Alarms CountAlarms(size_t runs, size_t length, double correlation) {
  constexpr int kTrials = 1500;
  Curves curves(1000 * runs + length, correlation);
  Alarms alarms;
  for (int trial = 0; trial < kTrials; ++trial) {
    const CurveJudgement j = curves.Judge(runs, length, [](size_t, double v) { return v; });
    alarms.unusual += 100.0 * (j.p < kUnusualP) / kTrials;
    alarms.not_reproduced += 100.0 * (j.verdict == Verdict::kNotReproduced) / kTrials;
  }
  return alarms;
}

TEST(StatisticsTest, AboutOneTrueNotebookInTwentyCountsAsUnusual) {
  for (const size_t runs : {10, 30}) {
    for (const double correlation : {0.0, 0.95}) {
      for (const size_t length : {1, 11}) {
        const Alarms alarms = CountAlarms(runs, length, correlation);
        EXPECT_GT(alarms.unusual, 2) << runs << " runs, length " << length << ", " << correlation;
        EXPECT_LT(alarms.unusual, 8) << runs << " runs, length " << length << ", " << correlation;
        EXPECT_LT(alarms.not_reproduced, 0.8);
      }
    }
  }
}

TEST(StatisticsTest, WrongCurvesAreNotReproduced) {
  Curves curves(1, 0.9);
  for (int trial = 0; trial < 20; ++trial) {
    // Everywhere ten standard deviations too high, or a single metric fifteen.
    const CurveJudgement shifted = curves.Judge(30, 11, [](size_t, double v) { return v + 0.1; });
    EXPECT_EQ(shifted.verdict, Verdict::kNotReproduced);
    EXPECT_EQ(shifted.as_far, 0u);
    const CurveJudgement typo =
        curves.Judge(30, 11, [](size_t i, double v) { return i == 4 ? v + 0.15 : v; });
    EXPECT_EQ(typo.verdict, Verdict::kNotReproduced);
    EXPECT_EQ(typo.notebook.largest_at, 4u);
  }
}

TEST(StatisticsTest, ACurveOfTheWrongShapeIsAtLeastUnusual) {
  Curves curves(2, 0.9);
  int found = 0;
  for (int trial = 0; trial < 20; ++trial) {
    const CurveJudgement j = curves.Judge(
        30, 11, [](size_t i, double v) { return v + 0.005 * (static_cast<double>(i) - 5); });
    found += j.verdict != Verdict::kReproduced;
  }
  EXPECT_GT(found, 8);
}

TEST(StatisticsTest, EveryListCountsTheSame) {
  // A hundred cells that fit do not hide two losses that do not.
  Curves curves(3, 0);
  std::vector<ReferenceMetric> metrics(102, {.rounding = 0.0005});
  for (int run = 0; run < 20; ++run) {
    const std::vector<double> curve = curves.Next(metrics.size());
    for (size_t i = 0; i < metrics.size(); ++i) metrics[i].runs.push_back(curve[i]);
  }
  for (size_t i = 0; i < metrics.size(); ++i) {
    metrics[i].list = i < 2 ? 0 : 1;
    metrics[i].printed = i < 2 ? 1.05 : 1;
  }
  EXPECT_EQ(JudgeCurve(metrics).verdict, Verdict::kNotReproduced);
}

TEST(StatisticsTest, UnstableMetricsHaveAWideRange) {
  std::vector<ReferenceMetric> metrics(2, {.printed = 0.72, .rounding = 0.005, .runs = kRuns});
  const double stable = JudgeCurve(std::span<const ReferenceMetric>(metrics).first(1)).p;
  metrics[1].shifted = {0.69, 0.8};  // so that 0.58 .. 0.91 is near
  metrics[1].printed = 0.905;
  EXPECT_EQ(JudgeCurve(metrics).p, stable);
  EXPECT_EQ(JudgeCurve(metrics).verdict, Verdict::kReproduced);
  EXPECT_TRUE(JudgeMetric(metrics[1]).in_wide_range);
  metrics[1].printed = 0.935;
  EXPECT_EQ(JudgeCurve(metrics).p, stable);
  EXPECT_EQ(JudgeCurve(metrics).verdict, Verdict::kNotReproduced);
  EXPECT_FALSE(JudgeMetric(metrics[1]).in_wide_range);
}

TEST(StatisticsTest, VerdictsHaveWords) {
  EXPECT_EQ(ToString(Verdict::kReproduced), "reproduced");
  EXPECT_EQ(ToString(Verdict::kExactly), "reproduced exactly");
  EXPECT_EQ(ToString(Verdict::kUnusual), "unusual draw");
  EXPECT_EQ(ToString(Verdict::kNotReproduced), "not reproduced");
  EXPECT_EQ(ToString(Verdict::kNotJudged), "not judged");
}

}  // namespace
}  // namespace nabla
