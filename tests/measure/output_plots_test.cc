// The plots of a trained model's outputs. Curves are those of scikit-learn 1.2.
#include "framework/measure/output_plots.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace nabla {
namespace {

using Points = std::vector<std::pair<double, double>>;

std::vector<std::string> TitlesOf(const std::vector<Plot>& plots) {
  std::vector<std::string> titles;
  for (const Plot& plot : plots) titles.push_back(plot.title);
  return titles;
}

// One output for two classes.
OutputRows Binary() {
  return {.kind = OutputKind::kProbabilities,
          .classes = 2,
          .meaning = {.classes = {"no", "yes"}},
          .outputs = {{.2}, {.5}, {.5}, {.9}, {.4}, {.5}},
          .labels = {0, 1, 0, 1, 1, 0}};
}

TEST(OutputPlotsTest, CurvesOfASingleOutputAreScikitLearns) {
  const std::vector<Plot> plots = PlotsOf(Binary());
  ASSERT_EQ(TitlesOf(plots),
            (std::vector<std::string>{"ROC curves", "Precision and recall", "Reliability"}));
  ASSERT_EQ(plots[0].series.size(), 1u);
  EXPECT_EQ(plots[0].series[0].label, "yes, AUC 0.6667");
  EXPECT_EQ(plots[0].series[0].points,
            (Points{{0, 0}, {0, .333333}, {.666667, .666667}, {.666667, 1}, {1, 1}}));
  EXPECT_EQ(plots[1].series[0].label, "yes, average precision 0.7000");
  EXPECT_EQ(plots[1].series[0].points,
            (Points{{0, 1}, {.333333, 1}, {.666667, .5}, {1, .6}, {1, .5}}));
}

// The predicted classes have 0.8, three times 0.5, 0.9 and 0.6.
TEST(OutputPlotsTest, ReliabilityComparesProbabilitiesWithRightRows) {
  const Plot plot = PlotsOf(Binary())[2];
  EXPECT_EQ(plot.series[0].points, (Points{{.5, .666667}, {.6, 0}, {.8, 1}, {.9, 1}}));
}

TEST(OutputPlotsTest, OfManyClassesTheWorstAreShown) {
  OutputRows rows{.kind = OutputKind::kScores, .classes = 12};
  for (int32_t r = 0; r < 48; ++r) {
    std::vector<double> z(12, 0.0);
    // Of class 0 every second row is ranked last.
    z[static_cast<size_t>(r % 12)] = r % 24 == 0 ? -1 : 1;
    rows.outputs.push_back(z);
    rows.labels.push_back(r % 12);
  }
  const std::vector<Plot> plots = PlotsOf(rows);
  ASSERT_EQ(TitlesOf(plots), (std::vector<std::string>{"ROC curves", "Precision and recall"}));
  ASSERT_EQ(plots[0].series.size(), 10u);
  EXPECT_EQ(plots[0].series[0].label, "0, AUC 0.5000");
  EXPECT_EQ(plots[0].series[1].label, "1, AUC 1.0000");
}

TEST(OutputPlotsTest, LabelsHaveACurveEach) {
  const OutputRows rows{.kind = OutputKind::kSeparateLogits,
                        .meaning = {.values = {"cat", "dog"}, .labels = true},
                        .outputs = {{.9, .2}, {.4, .3}, {.35, .8}, {.1, .3}},
                        .values = {{1, 0}, {0, 1}, {1, 1}, {0, 0}}};
  const std::vector<Plot> plots = PlotsOf(rows);
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_EQ(plots[0].series[0].label, "cat, AUC 0.7500");
  EXPECT_EQ(plots[0].series[1].label, "dog, AUC 0.8750");
}

TEST(OutputPlotsTest, NumbersAreComparedWithTheirTargets) {
  OutputRows rows{.meaning = {.values = {"price"}}};
  for (int r = 0; r < 2000; ++r) {
    rows.outputs.push_back({r + 0.5});
    rows.values.push_back({static_cast<double>(r)});
  }
  const std::vector<Plot> plots = PlotsOf(rows);
  ASSERT_EQ(TitlesOf(plots), (std::vector<std::string>{"Predicted against true", "Residuals"}));
  EXPECT_EQ(plots[0].x, "price, true");
  EXPECT_EQ(plots[0].series[0].points.size(), 500u);
  EXPECT_EQ(plots[0].series[0].points.back(), (std::pair<double, double>(1999, 1999.5)));
  EXPECT_EQ(plots[1].series[0].points.front(), (std::pair<double, double>(0.5, -0.5)));
}

TEST(OutputPlotsTest, ThereAreNoneOfWhatHasNone) {
  EXPECT_TRUE(PlotsOf({}).empty());
  OutputRows rows = Binary();
  rows.outputs[0][0] = std::nan("");
  EXPECT_TRUE(PlotsOf(rows).empty());
  EXPECT_TRUE(PlotsOf({.meaning = {.inputs = true}, .outputs = {{1}}, .values = {{1}}}).empty());
  // A class alone cannot be ranked.
  rows = Binary();
  rows.labels = {1, 1, 1, 1, 1, 1};
  EXPECT_EQ(TitlesOf(PlotsOf(rows)), (std::vector<std::string>{"Reliability"}));
}

}  // namespace
}  // namespace nabla
