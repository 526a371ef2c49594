#include "framework/verdict/reproduction.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nabla {
namespace {

std::vector<PrintedValue> Printed(const std::vector<std::string>& texts) {
  std::vector<PrintedValue> metrics;
  for (const std::string& text : texts) metrics.push_back({text, std::stod(text)});
  return metrics;
}

// Ten runs of `epochs` epochs: the loss of run r in epoch e is 10 / e + r / 100.
std::vector<SeedRun> Runs(int64_t epochs) {
  std::vector<SeedRun> runs;
  for (int64_t r = 0; r < 10; ++r) {
    SeedRun& run = runs.emplace_back();
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
      {.epochs = {{1, 2}}, .printed = Printed({"10.04", "5.05"}), .list = "a"},
      {.epochs = {{1}}, .printed = Printed({"11.00"}), .list = "b"},
      {.epochs = {{5}}, .printed = Printed({"2.02"}), .list = "a"}};
  const std::vector<JudgedList> lists = Judge(references, {}, 5, Runs(5));
  ASSERT_EQ(lists.size(), 2u);
  EXPECT_EQ(lists[0].name, "a");
  ASSERT_EQ(lists[0].metrics.size(), 3u);
  EXPECT_EQ(lists[0].metrics[2].reference, 2u);
  EXPECT_NEAR(lists[0].metrics[2].judgement.ours.mean, 2.045, 1e-12);
  EXPECT_EQ(lists[0].verdict, Verdict::kReproduced);
  EXPECT_EQ(lists[1].verdict, Verdict::kNotReproduced);
}

TEST(ReproductionTest, ExactListsTakeTheirOwnSeed) {
  const std::vector<Reference> references = {
      {.metric = MetricName::kInitialLoss, .printed = Printed({"2.53"}), .exact = true, .rows = 8}};
  EXPECT_EQ(Judge(references, {}, 8, Runs(1))[0].verdict, Verdict::kExactly);
  EXPECT_EQ(Judge(references, {}, 9, Runs(1))[0].verdict, Verdict::kNotReproduced);
  EXPECT_EQ(Judge(references, {}, 99, Runs(1))[0].verdict, Verdict::kNotJudged);
}

TEST(ReproductionTest, RunsThatLackAMetricAreLeftOut) {
  const std::vector<Reference> references = {{.epochs = {{3}}, .printed = Printed({"3.38"})}};
  std::vector<SeedRun> runs = Runs(3);
  runs[4].metrics.epochs.pop_back();
  EXPECT_EQ(Judge(references, {}, 5, runs)[0].metrics[0].metric.runs.size(), 9u);
  const JudgedList none = Judge(references, {}, 5, Runs(2))[0];
  EXPECT_EQ(none.verdict, Verdict::kNotJudged);
}

TEST(ReproductionTest, UnstableEpochsMayComeEarlierOrLater) {
  // 10 / e at epoch 5 is 2 .. 2.09; from epoch 4 to 6 it is 1.67 .. 2.59.
  const auto verdict = [](const char* printed, int64_t shift) {
    const std::vector<Reference> references = {
        {.epochs = {{1, 5}}, .printed = Printed({"10.04", printed})}};
    const ReproduceSection section{.unstable = {{4, 5, 6}}, .shift = shift};
    return Judge(references, section, 5, Runs(8))[0].verdict;
  };
  EXPECT_EQ(verdict("3.00", 0), Verdict::kNotReproduced);
  EXPECT_EQ(verdict("3.00", 1), Verdict::kReproduced);
  EXPECT_EQ(verdict("3.60", 1), Verdict::kNotReproduced);
  EXPECT_EQ(verdict("3.60", 2), Verdict::kReproduced);
}

TEST(ReproductionTest, TheSentenceSaysWhatIsUnusual) {
  Reproduction r;
  r.spec.reference = {{.epochs = {{1, 2}}, .printed = Printed({"10.04", "5.13"})}};
  r.lists = Judge(r.spec.reference, {}, 5, Runs(5));
  EXPECT_EQ(Sentence(r.lists[0], r),
            "unusual draw (p = 0.0079): 0 of our 10 runs lie as far out; 1 of 2 values outside "
            "their 95 % intervals: train_loss, epoch 2 (z +2.8)");
}

}  // namespace
}  // namespace nabla
