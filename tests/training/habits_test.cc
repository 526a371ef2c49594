// What notebooks do beyond plain training, against NumPy: habits.py printed the numbers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/training/cases.h"

namespace nabla {
namespace {

std::vector<Case> ReadHabits() { return ReadCases("tests/training/habits.txt"); }

TEST(HabitsTest, EveryHabitHasNumpysMetrics) {
  const std::vector<Case> habits = ReadHabits();
  ASSERT_EQ(habits.size(), 19u);
  for (const Case& habit : habits) ExpectMetrics(habit, 1e-12);
}

// Threads and shards may not change a penalty's or a shared gradient's bits.
TEST(HabitsTest, ThreadsChangeNothing) {
  for (const Case& habit : ReadHabits()) {
    Trained one(habit.yaml, 1);
    Trained three(habit.yaml, 3);
    EXPECT_EQ(one.experiment.network().Hash(), three.experiment.network().Hash()) << habit.name;
    for (size_t e = 0; e < one.history().size(); ++e) {
      EXPECT_EQ(one.history()[e].train_loss, three.history()[e].train_loss) << habit.name;
    }
  }
}

TEST(HabitsTest, ClippingSeesThePenalty) {
  std::string yaml = ReadHabits()[3].yaml;
  ASSERT_NE(yaml.find("penalties:"), std::string::npos);
  yaml.replace(yaml.find("shuffle: false"), 14, "shuffle: false, clip_value: 1e-9");
  Trained trained(yaml);
  const double before = ReadHabits()[3].expected["train_loss"][0];
  // Nine steps of at most 0.3e-9 leave the loss where it was.
  EXPECT_NEAR(trained.history()[2].train_loss, trained.history()[0].train_loss, 1e-6);
  EXPECT_GT(std::abs(trained.history()[2].train_loss - before), 1e-3);
}

TEST(HabitsTest, ContradictionsAreRefused) {
  const std::string yaml = ReadHabits()[0].yaml;
  ExpectRefused(yaml, "optimizer:", "penalties: [{l2: 1, layers: [1]}]\noptimizer:",
                "penalties.0.layers has 1, but model.1 has no parameters for it");
  ExpectRefused(yaml, "optimizer:", "penalties: [{l2: 1, layers: [9]}]\noptimizer:",
                "penalties.0.layers has 9, but model.9 has no parameters for it");
  ExpectRefused(yaml, "optimizer:", "shown_loss: bcee\noptimizer:", "did you mean \"bce\"?");
  ExpectRefused(yaml, "optimizer:", "targets: inputs\noptimizer:",
                "this loss needs class labels; the data set has none");
}

// A model of one output predicts both classes.
TEST(HabitsTest, AThresholdMayBeSet) {
  for (const Case& habit : ReadHabits()) {
    if (habit.name != "one sigmoid output, mse") continue;
    const auto accuracy = [&](const std::string& threshold) {
      Trained trained(habit.yaml + "metrics: [{name: accuracy, threshold: " + threshold + "}]\n");
      EXPECT_EQ(trained.history()[2].test_metrics.size(), 1u);
      return trained.history()[2].test_accuracy.value();
    };
    EXPECT_EQ(accuracy("-1"), 4.0 / 7);  // all are of class 1
    EXPECT_EQ(accuracy("2"), 3.0 / 7);
  }
}

}  // namespace
}  // namespace nabla
