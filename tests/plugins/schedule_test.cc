// What the golden schedules do not say: units, defaults from the training, and warm-ups.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/plugins/made.h"

namespace nabla {
namespace {

// The rate of step t of 100, ten an epoch, from a base of 1.
double Rate(const std::string& yaml, int64_t t) {
  return Made<Schedule>(yaml)->Rate(1, {.t = t, .total = 100, .steps_per_epoch = 10});
}

TEST(ScheduleTest, CountsStepsOrEpochs) {
  EXPECT_EQ(Rate("{name: step, step_size: 2, gamma: 0.5}", 5), 0.25);
  const std::string by_epoch = "{name: step, step_size: 2, gamma: 0.5, per: epoch}";
  EXPECT_EQ(Rate(by_epoch, 19), 1);
  EXPECT_EQ(Rate(by_epoch, 20), 0.5);
  EXPECT_EQ(Rate("{name: multi_step, milestones: [1, 3], gamma: 0.5, per: epoch}", 30), 0.25);
  EXPECT_EQ(Rate("{name: exponential, gamma: 0.5, per: epoch}", 39), 0.125);
}

TEST(ScheduleTest, LastsAsLongAsTheTraining) {
  EXPECT_NEAR(Rate("cosine", 50), 0.5, 1e-15);
  EXPECT_NEAR(Rate("{name: cosine, per: epoch}", 59), 0.5, 1e-15);
  EXPECT_NEAR(Rate("polynomial", 75), 0.25, 1e-15);
  EXPECT_NEAR(Rate("one_cycle", 0), 1.0 / 25, 1e-15);
  EXPECT_NEAR(Rate("one_cycle", 29), 1, 1e-15);
  EXPECT_NEAR(Rate("one_cycle", 99), 1.0 / 25 / 1e4, 1e-18);
}

TEST(ScheduleTest, OneCycleInThreePhases) {
  const std::string yaml = "{name: one_cycle, three_phase: true, anneal_strategy: linear}";
  EXPECT_NEAR(Rate(yaml, 29), 1, 1e-15);
  EXPECT_NEAR(Rate(yaml, 58), 1.0 / 25, 1e-15);
  EXPECT_NEAR(Rate(yaml, 99), 1.0 / 25 / 1e4, 1e-18);
}

TEST(ScheduleTest, WarmupPrecedesAnother) {
  const std::string yaml = "{name: warmup, steps: 20, start_factor: 0.5, then: cosine}";
  EXPECT_EQ(Rate(yaml, 0), 0.5);
  EXPECT_EQ(Rate(yaml, 10), 0.75);
  EXPECT_EQ(Rate(yaml, 20), 1);
  // The cosine has the 80 steps that are left.
  EXPECT_NEAR(Rate(yaml, 60), 0.5, 1e-15);
  EXPECT_EQ(Rate("{name: warmup, epochs: 2, start_factor: 0.5}", 10), 0.75);
  // It rises to where the next one begins.
  EXPECT_NEAR(Rate("{name: warmup, steps: 20, start_factor: 0.5, then: one_cycle}", 10), 0.75 / 25,
              1e-15);
}

TEST(ScheduleTest, RefusesParametersThatContradictEachOther) {
  EXPECT_THROW(Made<Schedule>("{name: warmup, steps: 2, epochs: 1}"), InputError);
  EXPECT_THROW(Made<Schedule>("step"), InputError);
  EXPECT_THROW(Made<Schedule>("{name: cosine, per: week}"), InputError);
}

}  // namespace
}  // namespace nabla
