// `run reproduce` where a list is exact: one run, digit by digit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/tiny_notebook.h"

namespace nabla {
namespace {

TEST(ReproduceExact, ExactListsNeedOneRunAndItsDigits) {
  Program program;
  const Outcome first =
      Reproduce(program, "  - {metric: initial_loss, rows: 8, exact: true, printed: 9}\n");
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(Contains(first.out, "verdict: not reproduced: 0 of 1 values")) << first.out;
  Json result = Result(program);
  ASSERT_EQ(result["runs"].size(), 1u);
  const double loss = result["runs"][0]["initial_losses"][0]["loss"];
  Program other;
  const Outcome second = Reproduce(other,
                                   "  - {metric: initial_loss, rows: 8, exact: true, "
                                   "printed: " +
                                       std::to_string(loss) + "}\n");
  EXPECT_TRUE(Contains(second.out, "verdict: reproduced exactly: 1 of 1 values")) << second.out;
}

// Where digits agree at first, one ulp in the first weights shows whether rounding may part them.
TEST(ReproduceExact, ExactListsSayWhereDigitsPart) {
  Program program;
  program.Write("true.yaml", kExperiment);
  ASSERT_EQ(program.Run({"true.yaml", "--out", "true", "--quiet"}).code, 0);
  std::istringstream lines(program.Read("true/metrics.jsonl"));
  std::string line;
  std::getline(lines, line);
  const std::string first = fmt::format("{:.6f}", Json::parse(line)["train_loss"].get<double>());
  const Outcome run =
      Reproduce(program, "  - {metric: train_loss, epochs: [1, 2], exact: true, printed: [" +
                             first + ", 0.5]}\n");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out,
                       "not reproduced: 1 of 2 values have the printed digits with seed 0; "
                       "train_loss, epoch 2 is the first that differs, 0.5 printed and "))
      << run.out;
  EXPECT_TRUE(Contains(run.out, "one ulp in the first weights moves it by ")) << run.out;
  const Json list = Result(program)["lists"][0];
  EXPECT_EQ(list["first_difference"], "train_loss, epoch 2");
  EXPECT_GT(list["off_by"], 0.01);
  EXPECT_GT(list["one_ulp_moves_it_by"], 0);
  EXPECT_LT(list["one_ulp_moves_it_by"], 1e-4);
  EXPECT_TRUE(program.Has("o/rounding/tiny/1/summary.json"));
}

// What NumPy 1.24 printed for a net whose rate is far too large, with sums in another order than
// ours: rounding grows tenfold in two epochs.
constexpr const char* kChaos = R"(name: chaos
seed: 0
rng: numpy
dtype: float64
dataset: {name: inline, inputs: [
          [1.62, -0.61], [-0.53, -1.07], [0.87, -2.3], [1.74, -0.76], [0.32, -0.25], [1.46, -2.06],
          [-0.32, -0.38], [1.13, -1.1], [-0.17, -0.88], [0.04, 0.58], [-1.1, 1.14], [0.9, 0.5],
          [0.9, -0.68], [-0.12, -0.94], [-0.27, 0.53], [-0.69, -0.4], [-0.69, -0.85], [-0.67, -0.01],
          [-1.12, 0.23], [1.66, 0.74], [-0.19, -0.89], [-0.75, 1.69], [0.05, -0.64], [0.19, 2.1]],
          labels: [1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0, 1], classes: 2}
model:
  - {name: linear, units: 8, weight: randn, bias_init: zeros}
  - tanh
  - {name: linear, units: 2, weight: randn, bias_init: zeros}
loss: cross_entropy
optimizer: {name: sgd, lr: 10}
train: {batch_size: 24, epochs: 100, shuffle: false}
evaluate: {split: none}
reference:
  - {metric: train_loss, epochs: [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
     printed: [1.404476, 9.531046, 3.403222, 1.641812, 1.051893, 1.562952, 3.381084, 1.353053,
       1.519295, 0.977644, 2.932768], exact: true}
)";

TEST(ReproduceExact, RoundingDecidesWhereTrainingIsChaotic) {
  Program program;
  program.Write("chaos.yaml", kChaos);
  const Outcome run = program.Run({"reproduce", "chaos.yaml", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out,
                       "verdict: exact up to epoch 30, then rounding decides: 4 of 11 "
                       "values have the printed digits with seed 0"))
      << run.out;
  const Json list = Result(program)["lists"][0];
  EXPECT_EQ(list["verdict"], "exact, then rounding decides");
  EXPECT_EQ(list["exact_up_to_epoch"], 30);
  // Chaos is no excuse for another rate: it shows before rounding does.
  const Outcome wrong =
      program.Run({"reproduce", "chaos.yaml", "optimizer.lr=10.00001", "--out", "w"});
  EXPECT_TRUE(Contains(wrong.out, "verdict: not reproduced: 1 of 11 values")) << wrong.out;
  EXPECT_TRUE(Contains(wrong.out, "train_loss, epoch 10 is the first that differs")) << wrong.out;
}

TEST(ReproduceExact, AnExactListNeedsTheSeedOfTheFile) {
  Program program;
  program.Write("tiny.yaml", std::string(kExperiment) +
                                 "reference:\n"
                                 "  - {metric: initial_loss, exact: true, printed: 1}\n"
                                 "  - {metric: train_loss, epochs: 1, printed: 1}\n");
  const Outcome run = program.Run({"reproduce", "tiny.yaml", "--seeds", "5..9", "--out", "o"});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(Contains(run.err,
                       "tiny.yaml:11:5: error: an exact list is judged by seed 0, which "
                       "--seeds leaves out"))
      << run.err;
}

// The nudged runs are few, and belong to whoever has the run itself.
TEST(ReproduceExact, AShardFindsOutWhetherRoundingDecides) {
  Program program;
  program.Write("chaos.yaml", kChaos);
  const Outcome run = program.Run({"reproduce", "chaos.yaml", "--shard", "1/4", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "verdict: exact up to epoch 30, then rounding")) << run.out;
}

TEST(ReproduceExact, PagesOfOtherSeedsJudgeNoDigits) {
  Program program;
  program.Write("chaos.yaml", kChaos);
  ASSERT_EQ(program.Run({"chaos.yaml", "--out", "one"}).code, 0);
  EXPECT_TRUE(Contains(program.Read("one/report.html"), "not judged: 4 of 11 values"));
  ASSERT_EQ(program.Run({"chaos.yaml", "--seeds", "5..7", "--out", "others"}).code, 0);
  EXPECT_FALSE(Contains(program.Read("others/report.html"), "values have the printed digits"));
}

}  // namespace
}  // namespace nabla
