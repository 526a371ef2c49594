#include "framework/engine/thread_tuner.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace nabla {
namespace {

// A machine on which a step takes so many seconds, by who runs it.
struct Machine {
  double alone;
  double shared;
};

// Runs steps for so many seconds of that machine's time; returns time over the best possible.
double Cost(ThreadTuner& pace, const Machine& machine, double seconds) {
  double spent = 0;
  double best = 0;
  while (spent < seconds) {
    const double step = pace.shared() ? machine.shared : machine.alone;
    pace.Finished(pace.timed() ? step : 0);
    spent += step;
    best += std::min(machine.alone, machine.shared);
  }
  return spent / best;
}

// Which part of the next steps is shared; a trial in between does not matter.
double SharedPart(ThreadTuner& pace, const Machine& machine) {
  constexpr int kSteps = 1000;
  int shared = 0;
  for (int step = 0; step < kSteps; ++step) {
    shared += pace.shared();
    pace.Finished(pace.timed() ? (pace.shared() ? machine.shared : machine.alone) : 0);
  }
  return static_cast<double>(shared) / kSteps;
}

TEST(PaceTest, AloneAndSharedAreNeverTried) {
  for (const ThreadMode crew : {ThreadMode::kAlone, ThreadMode::kShared}) {
    ThreadTuner pace(crew);
    for (int step = 0; step < 1000; ++step) {
      EXPECT_FALSE(pace.timed());
      EXPECT_EQ(pace.shared(), crew == ThreadMode::kShared);
      pace.Finished(0);
    }
  }
}

TEST(PaceTest, FindsTheFasterWayAtSmallCost) {
  for (const double step : {1e-5, 1e-4, 1e-3}) {
    for (const double ratio : {0.5, 0.9, 1.1, 2.0}) {
      ThreadTuner pace(ThreadMode::kMeasured);
      const Machine machine{.alone = step, .shared = step * ratio};
      Cost(pace, machine, 200 * step);
      EXPECT_LT(Cost(pace, machine, 20), 1.01) << step << " s, ratio " << ratio;
      EXPECT_NEAR(SharedPart(pace, machine), ratio < 1 ? 1 : 0, 0.05);
    }
  }
}

TEST(PaceTest, FollowsAMachineThatChanges) {
  const Machine near{.alone = 1e-4, .shared = 6e-5};
  const Machine far{.alone = 1e-4, .shared = 2e-4};
  ThreadTuner pace(ThreadMode::kMeasured);
  Cost(pace, near, 10);
  EXPECT_GT(SharedPart(pace, near), 0.95);
  // At once where the way that it had chosen got slow, ...
  Cost(pace, far, 0.03);
  EXPECT_LT(SharedPart(pace, far), 0.05);
  // ... with the next trial where the other one got fast.
  Cost(pace, far, 10);
  Cost(pace, near, 0.5);
  EXPECT_GT(SharedPart(pace, near), 0.95);
}

// Times of a busy machine jump by half every few steps: trials still cost little.
TEST(PaceTest, NoiseDoesNotKeepItTrying) {
  ThreadTuner pace(ThreadMode::kMeasured);
  double tried = 0;
  double spent = 0;
  for (int step = 0; step < 200000; ++step) {
    const double seconds = (pace.shared() ? 1.1e-4 : 1e-4) * (step / 40 % 3 == 0 ? 1 : 1.5);
    spent += seconds;
    if (pace.shared()) tried += seconds;
    pace.Finished(pace.timed() ? seconds : 0);
  }
  EXPECT_LT(tried / spent, 0.04);
}

TEST(PaceTest, ASlowBlockDoesNotMislead) {
  ThreadTuner pace(ThreadMode::kMeasured);
  for (int step = 0; pace.timed(); ++step) {
    const double usual = pace.shared() ? 5e-5 : 1e-4;
    pace.Finished(step == 7 ? 1e-2 : usual);  // another program took the core
  }
  EXPECT_TRUE(pace.shared());
}

}  // namespace
}  // namespace nabla
