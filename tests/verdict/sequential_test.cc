#include "framework/verdict/sequential.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/verdict/exchangeable.h"

namespace nabla {
namespace {

TEST(SequentialTest, WordsFollowTheTable) {
  EXPECT_EQ(Find({.runs = 2, .as_far = 2}), Finding::kNotJudged);
  EXPECT_EQ(Find({.runs = 199, .as_far = 10}), Finding::kReproduced);
  EXPECT_EQ(Find({.runs = 199, .as_far = 9}), Finding::kUnusual);  // p = 0.05
  EXPECT_EQ(Find({.runs = 199, .as_far = 1}), Finding::kUnusual);
  EXPECT_EQ(Find({.runs = 199, .as_far = 0}), Finding::kNotReproduced);  // p = 0.005
  EXPECT_EQ(Find({.runs = 198, .as_far = 0}), Finding::kBeyondAll);
  EXPECT_EQ(Find({.runs = 5, .as_far = 0}), Finding::kBeyondAll);
  // 18 runs give no p of 0.05, so that p > 0.05 says nothing.
  EXPECT_EQ(Find({.runs = 3, .as_far = 1}), Finding::kTooFew);
  EXPECT_EQ(Find({.runs = 18, .as_far = 18}), Finding::kTooFew);
  EXPECT_EQ(Find({.runs = 18, .as_far = 0}), Finding::kBeyondAll);
  EXPECT_FALSE(IsUnusual({.runs = 18, .as_far = 0}));
  EXPECT_EQ(Find({.runs = 18, .as_far = 9, .not_finite = 16}), Finding::kNotJudged);
  EXPECT_EQ(Find({.runs = 19, .as_far = 1}), Finding::kReproduced);
  EXPECT_EQ(Find({.runs = 999, .as_far = 4}), Finding::kNotReproduced);
  EXPECT_EQ(Find({.runs = 999, .as_far = 5}), Finding::kUnusual);
}

TEST(SequentialTest, FiguresThatAreNotFiniteReproduceNothing) {
  EXPECT_EQ(Find({.runs = 30, .as_far = 30, .not_finite = 30, .notebook_finite = false}),
            Finding::kNotJudged);
  EXPECT_EQ(Find({.runs = 30, .as_far = 20, .not_finite = 28}), Finding::kNotJudged);
  EXPECT_EQ(Find({.runs = 30, .as_far = 20, .not_finite = 27}), Finding::kReproduced);
  EXPECT_EQ(Find({.runs = 199, .as_far = 0, .not_finite = 0, .notebook_finite = false}),
            Finding::kNotReproduced);
}

TEST(SequentialTest, SaysTheCounts) {
  EXPECT_EQ(InWords({.runs = 400, .as_far = 0}), "farther out than all of 400 runs, p < 0.0025");
  EXPECT_EQ(InWords({.runs = 199, .as_far = 0}), "farther out than all of 199 runs, p < 0.0051");
  EXPECT_EQ(InWords({.runs = 60, .as_far = 0}), "farther out than all of 60 runs, p < 0.017");
  EXPECT_EQ(InWords({.runs = 199, .as_far = 3}),
            "3 of 199 runs lie as far out or farther, p = 0.02");
}

TEST(SequentialTest, LooksAgainUntilTheAnswerStands) {
  EXPECT_EQ(RunsWanted({}, 0, {.last = 199}), 39u);
  EXPECT_EQ(RunsWanted({}, 0, {.last = 12}), 12u);
  const std::vector<ConformalP> open = {{.runs = 39, .as_far = 9}, {.runs = 39, .as_far = 30}};
  EXPECT_EQ(RunsWanted(open, 39, {.last = 199}), 99u);  // p = 0.25
  EXPECT_EQ(RunsWanted(open, 99, {.last = 199}), 199u);
  EXPECT_EQ(RunsWanted(open, 99, {.last = 120}), 120u);
  EXPECT_EQ(RunsWanted(open, 199, {.last = 199}), 199u);
  EXPECT_EQ(RunsWanted(open, 199, {.last = 1000}), 399u);
  EXPECT_EQ(RunsWanted(open, 50, {.last = 1000}), 99u);  // after a run that was interrupted
  const std::vector<ConformalP> clear = {{.runs = 39, .as_far = 10}, {.runs = 39, .as_far = 30}};
  EXPECT_EQ(RunsWanted(clear, 39, {.last = 199}), 39u);
  // Where runs are cheap, the first looks are left out.
  EXPECT_EQ(RunsWanted({}, 3, {.first = 40, .last = 199}), 99u);
  EXPECT_EQ(RunsWanted({}, 3, {.first = 150, .last = 150}), 150u);
}

// The p at which RunsWanted stops, where curves are what the file says.
ConformalP StoppedP(Exchangeable* curves, size_t last, size_t figures) {
  std::vector<std::vector<double>> ours;
  const std::vector<double> notebook = curves->Next(figures);
  std::vector<ConformalP> ps;
  while (true) {
    const size_t wanted = RunsWanted(ps, ours.size(), {.last = last});
    if (wanted == ours.size()) return ps[0];
    while (ours.size() < wanted) ours.push_back(curves->Next(figures));
    ps = {PAmong(ours, notebook, 0.05)};
  }
}

TEST(SequentialTest, StoppingEarlyKeepsThePValid) {
  constexpr size_t kDraws = 400;
  for (const Kind kind : {Kind::kAutoregressive, Kind::kSpiky}) {
    Exchangeable curves(kind, 40 + static_cast<size_t>(kind));
    for (const double share : {0.02, 0.05, 0.1}) {
      size_t exceeded = 0;
      size_t runs = 0;
      for (size_t draw = 0; draw < kDraws; ++draw) {
        const ConformalP p = StoppedP(&curves, 99, 6);
        exceeded += p.p() <= share + 1e-12 ? 1 : 0;
        runs += p.runs;
      }
      const double n = kDraws;
      EXPECT_LE(static_cast<double>(exceeded) / n, share + 4 * std::sqrt(share * (1 - share) / n));
      EXPECT_LT(static_cast<double>(runs) / n, 65);  // of 99
    }
  }
}

}  // namespace
}  // namespace nabla
