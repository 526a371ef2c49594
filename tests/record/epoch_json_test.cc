#include "framework/record/epoch_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace nabla {
namespace {

EpochMetrics Full() {
  return {.epoch = 3,
          .train_loss = 0.1,
          .train_accuracy = 0.5,
          .test_loss = 1.0 / 3,
          .test_accuracy = 0.25,
          .train_metrics = {{"f1", 0.6}, {"loss_of_rows", 2}},
          .test_metrics = {{"accuracy", 0.25}, {"f1", 0.7}},
          .learning_rate = 1e-3,
          .weight_norms = {{"0.weight", 1.0 / 7}, {"0.bias", 2}, {"2.0.weight", 1e-300}},
          .gradient_norms = {{"0.weight", 0}, {"0.bias", 1.0 / 9}, {"2.0.weight", 3}},
          .seconds = 1.5,
          .samples_per_second = 1e5};
}

TEST(EpochJsonTest, NormsAndTheRateReadBackToTheLastBit) {
  const EpochMetrics epoch = Full();
  const std::string line = PrintEpoch(epoch);
  const EpochMetrics read = ParseEpochs(line + "\n", "metrics.jsonl").at(0);
  EXPECT_EQ(read.learning_rate, epoch.learning_rate);
  EXPECT_EQ(read.weight_norms, epoch.weight_norms);
  EXPECT_EQ(read.gradient_norms, epoch.gradient_norms);
  EXPECT_EQ(read.test_metrics, epoch.test_metrics);
  EXPECT_EQ(read.train_metrics, epoch.train_metrics);
  EXPECT_EQ(PrintEpoch(read), line);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["learning_rate"], 1e-3);
  EXPECT_EQ(json["weight_norms"]["2.0.weight"], 1e-300);
  EXPECT_EQ(json["gradient_norms"]["0.bias"], 1.0 / 9);
}

TEST(EpochJsonTest, WhatWasNotComputedIsLeftOut) {
  const EpochMetrics epoch{.epoch = 1, .train_loss = 1, .seconds = 1, .samples_per_second = 1};
  const std::string line = PrintEpoch(epoch);
  for (const char* key : {"learning_rate", "norms", "accuracy", "test"}) {
    EXPECT_EQ(line.find(key), std::string::npos) << key;
  }
  const EpochMetrics read = ParseEpochs(line + "\n", "metrics.jsonl").at(0);
  EXPECT_FALSE(read.learning_rate);
  EXPECT_TRUE(read.weight_norms.empty());
}

TEST(EpochJsonTest, ANormThatIsNoNumberIsNull) {
  EpochMetrics epoch = Full();
  epoch.weight_norms = {{"0.weight", std::numeric_limits<double>::infinity()}};
  const std::string line = PrintEpoch(epoch);
  EXPECT_NE(line.find("\"weight_norms\":{\"0.weight\":null}"), std::string::npos) << line;
  EXPECT_TRUE(std::isnan(ParseEpochs(line + "\n", "metrics.jsonl").at(0).weight_norms[0].second));
}

TEST(EpochJsonTest, AnEpochIsAWholeNumberInRange) {
  std::string line = PrintEpoch(Full());
  for (const char* epoch : {"1e24", "1.5", "-9223372036854775809", "\"3\""}) {
    std::string broken = line;
    broken.replace(broken.find("\"epoch\":3"), 9, std::string("\"epoch\":") + epoch);
    EXPECT_THROW(ParseEpochs(broken + "\n", "metrics.jsonl"), std::exception) << broken;
  }
}

}  // namespace
}  // namespace nabla
