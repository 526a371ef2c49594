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

TEST(ScheduleTest, InverseTime) {
  EXPECT_EQ(Rate("{name: inverse_time, decay: 0.5}", 6), 0.25);
  EXPECT_EQ(Rate("{name: inverse_time, decay: 0.5, per: epoch}", 29), 0.5);
  EXPECT_EQ(Rate("{name: inverse_time, decay: 0}", 99), 1);
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

// PyTorch's CosineAnnealingWarmRestarts: T = T_0 T_mult^n, s = t - T_0 (T_mult^n - 1) / (T_mult -
// 1) for n = floor(log(t / T_0 (T_mult - 1) + 1) / log(T_mult)).
double WarmRestarts(double t, double t_0, double t_mult) {
  const double n = std::floor(std::log(t / t_0 * (t_mult - 1) + 1) / std::log(t_mult));
  const double begin = t_0 * (std::pow(t_mult, n) - 1) / (t_mult - 1);
  const double x = (t - begin) / (t_0 * std::pow(t_mult, n));
  return (1 + std::cos(std::acos(-1.0) * x)) / 2;
}

TEST(ScheduleTest, WarmRestartsEndForAnyNumbers) {
  for (const char* t_mult :
       {"2", "3", "1000", "3037000500", "4611686018427387904", "9223372036854775807"}) {
    for (const int64_t t : {int64_t{0}, int64_t{4}, int64_t{5}, int64_t{14}, int64_t{10004},
                            int64_t{1} << 40, int64_t{1} << 62}) {
      const double rate =
          Rate(std::string("{name: cosine_warm_restarts, T_0: 5, T_mult: ") + t_mult + "}", t);
      EXPECT_NEAR(rate, WarmRestarts(static_cast<double>(t), 5, std::stod(t_mult)), 1e-6)
          << t_mult << " at " << t;
    }
  }
  EXPECT_NEAR(
      Rate("{name: cosine_warm_restarts, T_0: 4611686018427387904, T_mult: 2}", int64_t{1} << 61),
      0.5, 1e-15);
}

TEST(ScheduleTest, LargeTimesDoNotOverflow) {
  EXPECT_EQ(Rate("{name: cosine, T_max: 9223372036854775807}", 50), 1);
  EXPECT_NEAR(Rate("{name: cosine, T_max: 4611686018427387904}", int64_t{1} << 61), 0.5, 1e-15);
  EXPECT_EQ(Rate("{name: cosine, T_max: 10}", 10), 0);
  EXPECT_EQ(Rate("{name: cosine, T_max: 10}", 20), 1);
  EXPECT_EQ(Rate("{name: cosine, T_max: 10}", 7), Rate("{name: cosine, T_max: 10}", 13));
  EXPECT_THROW(Made<Schedule>("{name: warmup, epochs: 9223372036854775807}"), InputError);
}

}  // namespace
}  // namespace nabla
