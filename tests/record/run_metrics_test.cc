#include "framework/record/run_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

namespace nabla {
namespace {

using Values = std::vector<std::optional<double>>;

// Two epochs; the test rows were evaluated after both.
RunMetrics TwoEpochs() {
  RunMetrics run;
  run.epochs = {{.epoch = 1, .train_loss = 2}, {.epoch = 2, .train_loss = NAN}};
  run.epochs[0].test_matrices = {{.name = "confusion_matrix", .values = {3, 1, 1, 3}}};
  run.epochs[1].test_matrices = {{.name = "confusion_matrix", .values = {4, 0, 0, 4}}};
  run.initial_losses[8] = 2.5;
  return run;
}

Reference Printed(MetricName metric, size_t count) {
  Reference reference{.metric = metric};
  reference.printed.resize(count);
  return reference;
}

TEST(RunMetricsTest, CurvesHaveAValueForEachEpoch) {
  Reference losses = Printed(MetricName::kTrainLoss, 3);
  losses.epochs.list = {1, 2, 3};
  EXPECT_EQ(ValuesOf(losses, TwoEpochs()), (Values{2, std::nullopt, std::nullopt}));
  Reference first = Printed(MetricName::kInitialLoss, 1);
  first.rows = 8;
  EXPECT_EQ(ValuesOf(first, TwoEpochs()), Values{2.5});
}

TEST(RunMetricsTest, TheMatrixIsThatOfTheEndWhereverItIs) {
  const Reference matrix = Printed(MetricName::kConfusionMatrix, 4);
  EXPECT_EQ(ValuesOf(matrix, TwoEpochs()), (Values{4, 0, 0, 4}));
  EXPECT_EQ(ValuesOf(matrix, TwoEpochs(), 1), (Values{3, 1, 1, 3}));
  EXPECT_EQ(ValuesOf(matrix, TwoEpochs(), 9), (Values{4, 0, 0, 4}));
  EXPECT_EQ(ValuesOf(matrix, TwoEpochs(), 0), Values(4));
  EXPECT_EQ(ValuesOf(matrix, RunMetrics()), Values(4));
}

}  // namespace
}  // namespace nabla
