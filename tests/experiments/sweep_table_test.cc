// The table of a sweep, of results that were never trained.
#include "experiments/sweep_table.h"

#include <gtest/gtest.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "experiments/sweep_records.h"
#include "framework/terminal/folded_text.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

TEST(SweepTable, ShowsTheBestFirstWithItsSpread) {
  const auto run = [](int64_t seed, double accuracy) {
    EpochMetrics epoch{.epoch = 1, .train_loss = 1 - accuracy};
    epoch.test_accuracy = accuracy;
    return RunResult{.seed = seed, .metrics = RunMetrics{{epoch}, {}}, .failure = ""};
  };
  const std::string table = SweepTable({{"worse", {run(0, 0.5), run(1, 0.7)}},
                                        {"lost", {{.seed = 0, .metrics = {}, .failure = "gone"}}},
                                        {"better", {run(0, 0.8), run(1, 0.9)}}});
  EXPECT_LT(table.find("better"), table.find("worse")) << table;
  EXPECT_LT(table.find("worse"), table.find("lost")) << table;
  EXPECT_TRUE(Contains(table, "0.8500 ± 0.071")) << table;
  EXPECT_TRUE(Contains(table, "seed 0: gone")) << table;
}

RunResult RunOf(const std::vector<double>& train_losses, std::optional<double> test_loss) {
  RunMetrics metrics;
  for (const double loss : train_losses) metrics.epochs.push_back({.train_loss = loss});
  metrics.epochs.back().test_loss = test_loss;
  return {.seed = 0, .metrics = metrics, .failure = ""};
}

TEST(SweepTable, WithoutClassesTheTestLossDecides) {
  const std::string table =
      SweepTable({{"overfitted", {RunOf({0.1}, 3.0)}}, {"sound", {RunOf({0.2}, 2.0)}}});
  EXPECT_LT(table.find("sound"), table.find("overfitted")) << table;
  EXPECT_TRUE(Contains(table, "test loss")) << table;
  EXPECT_FALSE(Contains(table, "accuracy")) << table;
}

// A setting without rows to validate has no place among those that are ordered by them.
TEST(SweepTable, OrdersByAMetricThatAllHave) {
  RunResult validated = RunOf({0.1}, 3.0);
  validated.metrics->epochs.back().validation_loss = 1.0;
  const std::string table =
      SweepTable({{"validated", {validated}}, {"plain", {RunOf({0.2}, 2.0)}}});
  EXPECT_LT(table.find("plain"), table.find("validated")) << table;
}

TEST(SweepTable, ASettingWithAFailureComesLast) {
  const RunResult lost{.seed = 1, .metrics = {}, .failure = "gone"};
  const std::string table =
      SweepTable({{"shaky", {RunOf({0.1}, 1.0), lost}}, {"sound", {RunOf({0.2}, 2.0)}}});
  EXPECT_LT(table.find("sound"), table.find("shaky")) << table;
}

TEST(SweepTable, CurvesOfEarlyStopsAreMeansOfWhatThereIs) {
  const std::string table = SweepTable({{"early", {RunOf({8, 1}, 1.0), RunOf({8, 1, 1, 1}, 1.0)}}});
  EXPECT_TRUE(Contains(table, "█▁▁▁")) << table;
}

// The same bar means the same loss in every row, and the scale says which.
TEST(SweepTable, CurvesShareOneScale) {
  const std::string table =
      SweepTable({{"far", {RunOf({100, 10}, 2.0)}}, {"near", {RunOf({10, 1}, 1.0)}}, {"lost", {}}});
  EXPECT_TRUE(Contains(table, "█▅\n")) << table;
  EXPECT_TRUE(Contains(table, "▅▁\n")) << table;
  EXPECT_TRUE(Contains(table, "▁ is 1, █ is 100\n")) << table;
  const std::string linear =
      SweepTable({{"a", {RunOf({1, -1}, 1.0)}}, {"b", {RunOf({0, 1}, 2.0)}}});
  EXPECT_TRUE(Contains(linear, "█▁\n")) << linear;
  EXPECT_TRUE(Contains(linear, "▅█\n")) << linear;
}

TEST(SweepTable, FitsItsWidth) {
  const std::string label(40, 'x');
  const std::vector<SweepResult> results = {{label, {RunOf({1, 0.5}, 0.25), RunOf({1, 0.4}, 0.5)}}};
  for (const size_t width : {70, 80, 100}) {
    std::istringstream lines(SweepTable(results, {}, width));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(TextWidth(line), width) << line;
  }
  EXPECT_TRUE(Contains(SweepTable(results, {}, 70), "test loss")) << "it orders the table";
}

TEST(SweepTable, LabelsAreQuotedAsCsvHasIt) {
  EXPECT_TRUE(
      Contains(SweepCsv({{"{name: \"x\"}", {RunOf({1}, 1.0)}}}), "\"{name: \"\"x\"\"}\",0,"));
}

}  // namespace
}  // namespace nabla
