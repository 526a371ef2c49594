#include "framework/verdict/reproduction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace nabla {
namespace {

std::vector<PrintedValue> Printed(const std::vector<std::string>& texts) {
  std::vector<PrintedValue> metrics;
  for (const std::string& text : texts) metrics.push_back({text, std::stod(text)});
  return metrics;
}

// Runs of `epochs` epochs: the loss of run r in epoch e is 10 / e + r / 100.
OurRuns Runs(int64_t epochs, int64_t count = 10) {
  OurRuns runs;
  for (int64_t r = 0; r < count; ++r) {
    SeedRun& run = runs.by_seed.emplace_back();
    run.seed = 5 + r;
    run.metrics.initial_losses[8] = 2.5 + 0.01 * static_cast<double>(r);
    for (int64_t e = 1; e <= epochs; ++e) {
      run.metrics.epochs.push_back(
          {.epoch = e,
           .train_loss = 10.0 / static_cast<double>(e) + 0.01 * static_cast<double>(r)});
    }
  }
  return runs;
}

TEST(ReproductionTest, ListsAreJudgedApart) {
  const std::vector<Reference> references = {
      {.epochs = {{1, 2}}, .printed = Printed({"10.04", "5.04"}), .list = "a"},
      {.epochs = {{1}}, .printed = Printed({"13.00"}), .list = "b"},
      {.epochs = {{5}}, .printed = Printed({"2.04"}), .list = "a"}};
  const std::vector<JudgedList> lists = Judge(references, 5, Runs(5));
  ASSERT_EQ(lists.size(), 2u);
  EXPECT_EQ(lists[0].name, "a");
  ASSERT_EQ(lists[0].metrics.size(), 3u);
  EXPECT_EQ(lists[0].metrics[2].reference, 2u);
  EXPECT_NEAR(lists[0].metrics[2].judgement.ours.mean, 2.045, 1e-12);
  EXPECT_EQ(lists[0].finding, Finding::kTooFew);
  EXPECT_EQ(lists[1].finding, Finding::kBeyondAll);
  EXPECT_EQ(Judge(references, 5, Runs(5, 19))[0].finding, Finding::kReproduced);
  EXPECT_EQ(Judge(references, 5, Runs(5, 199))[1].finding, Finding::kNotReproduced);
}

TEST(ReproductionTest, ExactListsTakeTheirOwnSeed) {
  const std::vector<Reference> references = {
      {.metric = MetricName::kInitialLoss, .printed = Printed({"2.53"}), .exact = true, .rows = 8}};
  EXPECT_EQ(Judge(references, 8, Runs(1))[0].finding, Finding::kExactly);
  EXPECT_EQ(Judge(references, 9, Runs(1))[0].finding, Finding::kNotReproduced);
  EXPECT_EQ(Judge(references, 99, Runs(1))[0].finding, Finding::kNotJudged);
}

// A run whose loss became NaN is stored as null and read as missing: the same verdict.
TEST(ReproductionTest, RunsThatLackAValueCount) {
  const std::vector<Reference> references = {
      {.epochs = {{1, 3}}, .printed = Printed({"10.03", "999"})}};
  OurRuns missing = Runs(3, 30);
  OurRuns infinite = missing;
  OurRuns diverged = missing;
  for (size_t run : {4, 9}) {
    missing.by_seed[run].metrics.epochs.pop_back();
    infinite.by_seed[run].metrics.epochs[2].train_loss = -HUGE_VAL;
    diverged.by_seed[run].metrics = {};
  }
  const ConformalP whole = Judge(references, 5, Runs(3, 30))[0].p;
  for (const OurRuns& runs : {missing, infinite, diverged}) {
    const JudgedList list = Judge(references, 5, runs)[0];
    EXPECT_EQ(list.runs(), 30u);
    EXPECT_EQ(list.p.not_finite, 2u);
    EXPECT_EQ(list.p.as_far, 0u);  // 999 is made up, whatever our runs did
    EXPECT_EQ(list.metrics[1].judgement.ours.runs, 28u);
    EXPECT_TRUE(std::isnan(list.metrics[1].metric.runs[4]));
  }
  EXPECT_EQ(whole.as_far, 0u);
  // Where no run has it, nothing can be said.
  const JudgedList none = Judge(references, 5, Runs(2, 30))[0];
  EXPECT_EQ(none.p.not_finite, 30u);
  EXPECT_NE(none.finding, Finding::kReproduced);
}

Reproduction WithRuns(const std::vector<Reference>& references, OurRuns runs) {
  Reproduction r;
  r.spec.reference = references;
  r.spec.seed = 5;
  r.runs = std::move(runs);
  r.lists = Judge(references, 5, r.runs);
  return r;
}

TEST(ReproductionTest, TheSentenceSaysWhatIsUnusual) {
  const Reproduction r =
      WithRuns({{.epochs = {{1, 2}}, .printed = Printed({"10.04", "5.13"})}}, Runs(5));
  EXPECT_EQ(Sentence(r.lists[0], r),
            "farther out than all of 10 runs, p < 0.1; 1 of 2 values outside "
            "their 95 % "
            "intervals: train_loss, epoch 2 (z +2.8)");
  const Reproduction good =
      WithRuns({{.epochs = {{1, 2}}, .printed = Printed({"10.04", "5.04"})}}, Runs(5));
  const std::string said = Sentence(good.lists[0], good);
  EXPECT_EQ(said.find("too few runs to say: "), 0u) << said;
  EXPECT_NE(said.find(" of 10 runs lie as far out or farther, p = "), std::string::npos) << said;
  EXPECT_NE(said.find("; all 2 values lie in their 95 % intervals"), std::string::npos) << said;
}

TEST(ReproductionTest, TheSentenceNamesTheFirstDigitsThatDiffer) {
  const std::vector<Reference> references = {
      {.epochs = {{1, 2, 3}}, .printed = Printed({"10.00", "5.00", "3.38"}), .exact = true}};
  const std::string counts =
      "2 of 3 values have the printed digits with seed 5; train_loss, epoch 3 is the first that "
      "differs, 3.38 printed and 3.3333333 ours, by 0.047";
  Reproduction r = WithRuns(references, Runs(3));
  EXPECT_EQ(Sentence(r.lists[0], r),
            "not judged: " + counts + "; `reproduce` finds out whether rounding explains it");
  OurRuns nudged = Runs(3);
  nudged.nudged.assign(kNudgedRuns, nudged.by_seed[0].metrics);
  nudged.nudged[0].epochs[2].train_loss = 3.35;
  r = WithRuns(references, nudged);
  EXPECT_EQ(Sentence(r.lists[0], r), "exact up to epoch 2, then rounding decides: " + counts +
                                         "; one ulp in the first weights moves it by 0.017");
  nudged.nudged[0].epochs[2].train_loss = 3.3334;
  r = WithRuns(references, nudged);
  EXPECT_EQ(r.lists[0].finding, Finding::kNotReproduced);
}

// There are no intervals that figures could lie outside of.
TEST(ReproductionTest, RunsThatAllDivergedHaveNoIntervals) {
  OurRuns runs = Runs(2, 199);
  for (SeedRun& run : runs.by_seed) run.metrics = {};
  const Reproduction r = WithRuns({{.epochs = {{1}}, .printed = Printed({"10.04"})}}, runs);
  EXPECT_EQ(Sentence(r.lists[0], r),
            "not reproduced: farther out than all of 199 runs, p < 0.0051; 199 of the 199 runs "
            "diverged, or lack a value; fewer than 2 runs have a value");
}

}  // namespace
}  // namespace nabla
