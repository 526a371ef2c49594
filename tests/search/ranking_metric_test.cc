#include "framework/search/ranking_metric.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nabla {
namespace {

using Keys = std::vector<std::string>;

UnitKeys KeysOf(const std::vector<std::string>& configs) {
  UnitKeys keys;
  for (const std::string& config : configs) keys.Add(ParseYaml(config, "config.yaml"));
  return keys;
}

const std::vector<RankableMetric> kNumbers = {{"train_loss", true}, {"train_mae", true},
                                              {"test_loss", true},  {"test_mae", true},
                                              {"test_rmse", true},  {"test_r2", false}};

TEST(RankingMetricTest, OtherLossesAreOtherMetrics) {
  const UnitKeys keys = KeysOf({"loss: mse", "loss: half_mse", "loss: {name: huber, delta: 1}"});
  EXPECT_EQ(keys.Against("test_loss"), Keys{"loss"});
  EXPECT_EQ(keys.Against("train_loss"), Keys{"loss"});
  EXPECT_EQ(keys.Against("test_rmse"), Keys{});
  EXPECT_EQ(keys.Against("validation_accuracy"), Keys{});
  EXPECT_EQ(KeysOf({"loss: {name: huber, delta: 1}", "loss: {name: huber, delta: 2}"})
                .Against("test_loss"),
            Keys{"loss.delta"});
}

TEST(RankingMetricTest, WhatIsShownCountsAndNotWhatIsTrained) {
  EXPECT_EQ(
      KeysOf({"{loss: mse, shown_loss: l1}", "{loss: huber, shown_loss: l1}"}).Against("test_loss"),
      Keys{});
  EXPECT_EQ(KeysOf({"{loss: mse, shown_loss: null}", "{loss: huber, shown_loss: mse}"})
                .Against("test_loss"),
            Keys{});
  EXPECT_EQ(KeysOf({"{loss: mse, shown_loss: l1}", "{loss: mse}"}).Against("test_loss"),
            Keys{"shown_loss"});
  const UnitKeys train = KeysOf({"{loss: mse, penalties: [{l2: 0.1, shown: train}]}",
                                 "{loss: mse, penalties: [{l2: 0.2, shown: train}]}"});
  EXPECT_EQ(train.Against("test_loss"), Keys{});
  EXPECT_EQ(train.Against("train_loss"), Keys{"penalties.0.l2"});
  EXPECT_EQ(KeysOf({"{loss: mse, penalties: [{l2: 0.1, shown: both}]}", "{loss: mse}"})
                .Against("test_loss"),
            Keys{"penalties"});
  EXPECT_EQ(KeysOf({"{loss: mse, penalties: [{l2: 0.1, shown: none}]}", "{loss: mse}"})
                .Against("train_loss"),
            Keys{});
}

TEST(RankingMetricTest, UnitsOfTheTargetsCount) {
  const UnitKeys scaled = KeysOf({"{loss: mse, standardise_targets: true}", "loss: mse"});
  EXPECT_EQ(scaled.Against("test_loss"), Keys{"standardise_targets"});
  EXPECT_EQ(scaled.Against("test_mae"), Keys{}) << "in the units of the data set";
  const UnitKeys other = KeysOf({"{loss: mse, dataset: {name: csv, target: a}}",
                                 "{loss: mse, dataset: {name: csv, target: b}}"});
  EXPECT_EQ(other.Against("test_loss"), Keys{"dataset.target"});
  EXPECT_EQ(other.Against("test_mae"), Keys{"dataset.target"});
  EXPECT_EQ(other.Against("test_r2"), Keys{});
  EXPECT_EQ(KeysOf({"{dataset: {name: csv, train: a.csv}}", "{dataset: {name: csv, train: b.csv}}"})
                .Against("test_loss"),
            Keys{});
  // An autoencoder's targets are its inputs.
  EXPECT_EQ(
      KeysOf({"{targets: inputs, standardise: true}", "{targets: inputs}"}).Against("test_loss"),
      Keys{"standardise"});
  EXPECT_EQ(KeysOf({"{standardise: true}", "{standardise: false}"}).Against("test_loss"), Keys{});
}

TEST(RankingMetricTest, ClassWeightsCountAndSoDoTheRowsThatTheyFollow) {
  EXPECT_EQ(KeysOf({"class_weights: balanced", "class_weights: [1, 2]"}).Against("test_loss"),
            Keys{"class_weights"});
  EXPECT_EQ(KeysOf({"{class_weights: balanced, split: {test_fraction: 0.2, fold: 1}}",
                    "{class_weights: balanced, split: {test_fraction: 0.3, fold: 2}}"})
                .Against("test_loss"),
            Keys{"split.test_fraction"});
  EXPECT_EQ(KeysOf({"{split: {test_fraction: 0.2}}", "{split: {test_fraction: 0.3}}"})
                .Against("test_loss"),
            Keys{});
}

TEST(RankingMetricTest, ALossThatIsLeftOpenIsThatOfTheOthers) {
  EXPECT_EQ(KeysOf({"loss: null", "loss: mse", "name: x", "loss: mse"}).Against("test_loss"),
            Keys{});
  EXPECT_EQ(KeysOf({"loss: null", "loss: mse", "loss: l1"}).Against("test_loss"), Keys{"loss"});
}

TEST(RankingMetricTest, TheFirstInFixedUnitsDecidesThen) {
  const UnitKeys alike = KeysOf({"loss: mse", "loss: mse"});
  EXPECT_EQ(ChooseRankingMetric(kNumbers, alike).name, "test_loss");
  EXPECT_EQ(ChooseRankingMetric(kNumbers, alike).note, "");
  const UnitKeys losses = KeysOf({"loss: mse", "loss: half_mse"});
  const RankingMetric rmse = ChooseRankingMetric(kNumbers, losses);
  EXPECT_EQ(rmse.name, "test_rmse");
  EXPECT_TRUE(rmse.smaller_is_better);
  EXPECT_TRUE(rmse.against.empty());
  EXPECT_EQ(rmse.note,
            "note: the settings differ in loss, so test_loss is not one metric: test_rmse decides");
  const RankingMetric r2 = ChooseRankingMetric(
      kNumbers, KeysOf({"dataset: {name: csv, target: a}", "dataset: {name: csv, target: b}"}));
  EXPECT_EQ(r2.name, "test_r2");
  EXPECT_FALSE(r2.smaller_is_better);
  // Accuracies are the usual ones anyway.
  const RankingMetric accuracy =
      ChooseRankingMetric({{"test_loss", true}, {"test_accuracy", false}}, losses);
  EXPECT_EQ(accuracy.name, "test_accuracy");
  EXPECT_EQ(accuracy.note, "");
  const RankingMetric none = ChooseRankingMetric({{"train_loss", true}}, losses);
  EXPECT_EQ(none.name, "train_loss");
  EXPECT_EQ(none.against, Keys{"loss"});
  EXPECT_NE(none.note, "");
  EXPECT_EQ(AskedRankingMetric({"test_loss", true}, losses).against, Keys{"loss"});
  EXPECT_EQ(AskedRankingMetric({"test_mae", true}, losses).note, "");
}

}  // namespace
}  // namespace nabla
