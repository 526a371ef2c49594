#include "framework/engine/pace.h"

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
double Cost(Pace& pace, const Machine& machine, double seconds) {
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

TEST(PaceTest, AloneAndSharedAreNeverTried) {
  for (const Crew crew : {Crew::kAlone, Crew::kShared}) {
    Pace pace(crew);
    for (int step = 0; step < 1000; ++step) {
      EXPECT_FALSE(pace.timed());
      EXPECT_EQ(pace.shared(), crew == Crew::kShared);
      pace.Finished(0);
    }
  }
}

TEST(PaceTest, FindsTheFasterWayAtSmallCost) {
  for (const double step : {1e-5, 1e-4, 1e-3}) {
    for (const double ratio : {0.5, 0.9, 1.1, 2.0}) {
      Pace pace(Crew::kMeasured);
      const Machine machine{.alone = step, .shared = step * ratio};
      Cost(pace, machine, 200 * step);
      EXPECT_LT(Cost(pace, machine, 20), 1.01) << step << " s, ratio " << ratio;
      EXPECT_EQ(pace.shared(), ratio < 1);
    }
  }
}

TEST(PaceTest, FollowsAMachineThatChanges) {
  Pace pace(Crew::kMeasured);
  Cost(pace, {.alone = 1e-4, .shared = 6e-5}, 10);
  EXPECT_TRUE(pace.shared());
  Cost(pace, {.alone = 1e-4, .shared = 2e-4}, 2);
  EXPECT_FALSE(pace.shared());
  Cost(pace, {.alone = 1e-4, .shared = 6e-5}, 2);
  EXPECT_TRUE(pace.shared());
}

TEST(PaceTest, ASlowBlockDoesNotMislead) {
  Pace pace(Crew::kMeasured);
  for (int step = 0; pace.timed(); ++step) {
    const double usual = pace.shared() ? 5e-5 : 1e-4;
    pace.Finished(step == 7 ? 1e-2 : usual);  // another program took the core
  }
  EXPECT_TRUE(pace.shared());
}

}  // namespace
}  // namespace nabla
