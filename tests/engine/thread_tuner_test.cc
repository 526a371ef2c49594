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
double Cost(ThreadTuner& tuner, const Machine& machine, double seconds) {
  double spent = 0;
  double best = 0;
  while (spent < seconds) {
    const double step = tuner.shared() ? machine.shared : machine.alone;
    tuner.Finished(tuner.timed() ? step : 0);
    spent += step;
    best += std::min(machine.alone, machine.shared);
  }
  return spent / best;
}

// Which part of the next steps is shared; a trial in between does not matter.
double SharedPart(ThreadTuner& tuner, const Machine& machine) {
  constexpr int kSteps = 1000;
  int shared = 0;
  for (int step = 0; step < kSteps; ++step) {
    shared += tuner.shared();
    tuner.Finished(tuner.timed() ? (tuner.shared() ? machine.shared : machine.alone) : 0);
  }
  return static_cast<double>(shared) / kSteps;
}

TEST(PaceTest, AloneAndSharedAreNeverTried) {
  for (const ThreadMode mode : {ThreadMode::kAlone, ThreadMode::kShared}) {
    ThreadTuner tuner(mode);
    for (int step = 0; step < 1000; ++step) {
      EXPECT_FALSE(tuner.timed());
      EXPECT_EQ(tuner.shared(), mode == ThreadMode::kShared);
      tuner.Finished(0);
    }
  }
}

TEST(PaceTest, FindsTheFasterWayAtSmallCost) {
  for (const double step : {1e-5, 1e-4, 1e-3}) {
    for (const double ratio : {0.5, 0.9, 1.1, 2.0}) {
      ThreadTuner tuner(ThreadMode::kMeasured);
      const Machine machine{.alone = step, .shared = step * ratio};
      Cost(tuner, machine, 200 * step);
      EXPECT_LT(Cost(tuner, machine, 20), 1.01) << step << " s, ratio " << ratio;
      EXPECT_NEAR(SharedPart(tuner, machine), ratio < 1 ? 1 : 0, 0.05);
    }
  }
}

// A full batch has one step an epoch, so a run may have twenty in all.
TEST(PaceTest, FewLongStepsAreShared) {
  for (const double step : {2e-3, 0.1}) {
    ThreadTuner tuner(ThreadMode::kMeasured);
    const Machine machine{.alone = step, .shared = step * 0.55};
    EXPECT_EQ(Cost(tuner, machine, 20 * machine.shared), 1) << step;
    EXPECT_LT(Cost(tuner, machine, 1000 * machine.shared), 1.02) << step;
  }
}

TEST(PaceTest, LongStepsThatSharingSlowsAreLeftAlone) {
  ThreadTuner tuner(ThreadMode::kMeasured);
  const Machine machine{.alone = 2e-3, .shared = 3e-3};
  Cost(tuner, machine, 0.3);
  EXPECT_LT(SharedPart(tuner, machine), 0.05);
}

TEST(PaceTest, FollowsAMachineThatChanges) {
  const Machine near{.alone = 1e-4, .shared = 6e-5};
  const Machine far{.alone = 1e-4, .shared = 2e-4};
  ThreadTuner tuner(ThreadMode::kMeasured);
  Cost(tuner, near, 10);
  EXPECT_GT(SharedPart(tuner, near), 0.95);
  // At once where the way that it had chosen got slow, ...
  Cost(tuner, far, 0.03);
  EXPECT_LT(SharedPart(tuner, far), 0.05);
  // ... with the next trial where the other one got fast.
  Cost(tuner, far, 10);
  Cost(tuner, near, 0.5);
  EXPECT_GT(SharedPart(tuner, near), 0.95);
}

// Times of a busy machine jump by half every few steps: trials still cost little.
TEST(PaceTest, NoiseDoesNotKeepItTrying) {
  ThreadTuner tuner(ThreadMode::kMeasured);
  double tried = 0;
  double spent = 0;
  for (int step = 0; step < 200000; ++step) {
    const double seconds = (tuner.shared() ? 1.1e-4 : 1e-4) * (step / 40 % 3 == 0 ? 1 : 1.5);
    spent += seconds;
    if (tuner.shared()) tried += seconds;
    tuner.Finished(tuner.timed() ? seconds : 0);
  }
  EXPECT_LT(tried / spent, 0.04);
}

TEST(PaceTest, ASlowBlockDoesNotMislead) {
  ThreadTuner tuner(ThreadMode::kMeasured);
  for (int step = 0; tuner.timed(); ++step) {
    const double usual = tuner.shared() ? 5e-5 : 1e-4;
    tuner.Finished(step == 7 ? 1e-2 : usual);  // another program took the core
  }
  EXPECT_TRUE(tuner.shared());
}

}  // namespace
}  // namespace nabla
