#include "framework/record/monitored_metric.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "framework/record/epoch_json.h"
#include "framework/record/finite.h"

namespace nabla {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Epochs with these test losses.
std::vector<EpochMetrics> History(const std::vector<double>& losses) {
  std::vector<EpochMetrics> history;
  for (const double loss : losses) {
    history.push_back({.epoch = static_cast<int64_t>(history.size()) + 1,
                       .train_loss = loss,
                       .test_loss = loss,
                       .seconds = 1,
                       .samples_per_second = 1});
  }
  return history;
}

std::vector<EpochMetrics> ReadBack(const std::vector<EpochMetrics>& history) {
  std::string lines;
  for (const EpochMetrics& epoch : history) lines += PrintEpoch(epoch) + "\n";
  return ParseEpochs(lines, "metrics.jsonl");
}

const MonitoredMetric kLoss{"test_loss", true};

bool IsBest(const std::vector<double>& losses) {
  const auto history = History(losses);
  const bool best = LastIsBest(kLoss, history);
  EXPECT_EQ(LastIsBest(kLoss, ReadBack(history)), best);
  return best;
}

bool Stalls(const std::vector<double>& losses, int64_t patience, double min_change = 0) {
  const EarlyStopSection rule{"test_loss", patience, min_change};
  const auto history = History(losses);
  const bool stalled = HasStalled(rule, kLoss, history);
  EXPECT_EQ(HasStalled(rule, kLoss, ReadBack(history)), stalled);
  return stalled;
}

TEST(MonitoredMetric, IsBestWhereItIsBetterThanAllBefore) {
  EXPECT_TRUE(IsBest({3}));
  EXPECT_TRUE(IsBest({3, 2}));
  EXPECT_FALSE(IsBest({3, 3}));
  EXPECT_FALSE(IsBest({3, 1, 2}));
}

TEST(MonitoredMetric, ANumberThatIsNotFiniteIsWorseThanAnyOther) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    EXPECT_FALSE(IsBest({bad})) << bad;
    EXPECT_FALSE(IsBest({3, bad})) << bad;
    EXPECT_TRUE(IsBest({3, bad, 2})) << bad;
    EXPECT_TRUE(IsBest({bad, 1e300})) << bad;
    EXPECT_FALSE(IsBest({2, bad, 3})) << bad;
  }
}

TEST(MonitoredMetric, AnEpochThatIsNotFiniteHasNotGotBetter) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    EXPECT_TRUE(Stalls({3, bad}, 1)) << bad;
    EXPECT_FALSE(Stalls({3, bad, 2}, 2)) << bad;
    EXPECT_FALSE(Stalls({bad, 3}, 1, 0.5)) << bad;
    EXPECT_TRUE(Stalls({3, bad, 2.8}, 2, 0.5)) << bad;
  }
}

TEST(MonitoredMetric, KnowsWhichDirectionIsBetter) {
  std::vector<EpochMetrics> history = History({1, 1});
  history[0].test_metrics = {{"r2", 0.5}};
  history[1].test_metrics = {{"r2", 0.7}};
  history[0].train_accuracy = 0.9;
  history[1].train_accuracy = 0.8;
  for (const auto& epochs : {history, ReadBack(history)}) {
    EXPECT_TRUE(LastIsBest({"test_r2", false}, epochs));
    EXPECT_FALSE(LastIsBest({"test_r2", true}, epochs));
    EXPECT_FALSE(LastIsBest({"train_accuracy", false}, epochs));
    EXPECT_FALSE(LastIsBest({"test_mae", true}, epochs));
    EXPECT_TRUE(HasStalled({"train_accuracy", 1}, {"train_accuracy", false}, epochs));
    EXPECT_FALSE(HasStalled({"test_r2", 1}, {"test_r2", false}, epochs));
  }
}

// The metrics of whole trainings are compared with PyTorch in //tests/training:torch_training_test.
int64_t Reductions(const std::vector<EpochMetrics>& history, const PlateauSection& rule) {
  const int64_t count = CountReductions(rule, kLoss, history);
  EXPECT_EQ(CountReductions(rule, kLoss, ReadBack(history)), count);
  return count;
}

TEST(MonitoredMetric, AReductionFollowsMoreBadEpochsThanPatience) {
  const PlateauSection rule{.patience = 1, .threshold = 0.1};
  EXPECT_EQ(Reductions({}, rule), 0);
  EXPECT_EQ(Reductions(History({10, 9.5}), rule), 0);
  EXPECT_EQ(Reductions(History({10, 9.5, 9}), rule), 1);  // less than a tenth better
  EXPECT_EQ(Reductions(History({10, 9.5, 8.9}), rule), 0);
  EXPECT_EQ(Reductions(History({10, 9.5, 9.4, 9.3, 9.2}), rule), 2);
}

TEST(MonitoredMetric, WhatIsNotFiniteOrNotEvaluatedReducesAsItShould) {
  const PlateauSection rule{.patience = 0};
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    EXPECT_EQ(Reductions(History({3, bad, 2, bad}), rule), 2);
    EXPECT_EQ(Reductions(History({bad, 3, 2}), rule), 1);
  }
  std::vector<EpochMetrics> history = History({3, 4, 2});
  history[1].test_loss.reset();
  EXPECT_EQ(Reductions(history, rule), 0);
}

}  // namespace
}  // namespace nabla
