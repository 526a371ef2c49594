// Runs with numbers that are not finite, from the training to every command that reads them back.
#include "framework/record/finite.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A test row that overflows float32 in the product: its loss is not finite, whatever the weights.
constexpr const char* kOverflowing = R"(
name: overflowing
dataset: {name: csv, train: train.csv, test: test.csv}
model: [{name: linear, units: 2, bias: false, weight: {name: constant, value: 100}}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.01}
train: {epochs: 3, batch_size: 2}
checkpoint: {best: test_loss}
)";

// The same two rows, of which the second one is too large where `large`.
void WriteRows(const Program& program, bool large) {
  program.Write("train.csv", "0,1.5,2.5\n1,2.5,1.5\n");
  program.Write("test.csv", large ? "0,1.5,2.5\n1,3e38,3e38\n" : "0,1.5,2.5\n1,2.5,1.5\n");
  program.Write("my.yaml", kOverflowing);
}

TEST(Finite, EverythingElseIsWorst) {
  for (const double bad : {kNaN, -kNaN, kInfinity, -kInfinity}) {
    EXPECT_TRUE(IsBetter(1e300, bad)) << bad;
    EXPECT_FALSE(IsBetter(bad, 1e300)) << bad;
    EXPECT_FALSE(IsBetter(bad, kNaN)) << bad;
    EXPECT_FALSE(FiniteOf(bad)) << bad;
    EXPECT_FALSE(std::signbit(Shown(bad))) << bad;
  }
  EXPECT_EQ(FiniteOf(2.0), 2.0);
  EXPECT_EQ(Shown(-2.0), -2.0);
  EXPECT_FALSE(FiniteOf(std::nullopt));
}

TEST(Finite, ARunWithAMetricThatIsNotIsReadBackByAll) {
  Program program;
  WriteRows(program, true);
  const Outcome run = program.Run({"my.yaml", "--out", "runs/a"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "test loss nan")) << run.out;
  EXPECT_FALSE(Contains(run.out, "-nan")) << run.out;
  const std::string first_line = program.Read("runs/a/metrics.jsonl");
  EXPECT_TRUE(Contains(first_line, "\"test_loss\":null")) << first_line;
  EXPECT_FALSE(program.Has("runs/a/best.safetensors"));
  EXPECT_FALSE(Contains(program.Read("runs/a/metrics.csv"), "-nan"));
  for (const Words& words :
       {Words{"report", "runs/a", "--out", "r.html"}, Words{"runs"}, Words{"rerun", "runs/a"},
        Words{"diff", "runs/a", "runs/a"}, Words{"my.yaml", "--resume", "--out", "runs/a"}}) {
    const Outcome read = program.Run(words);
    EXPECT_EQ(read.code, 0) << words[0] << ": " << read.out << read.err;
    EXPECT_FALSE(Contains(read.out, "-nan")) << words[0] << ": " << read.out;
  }
}

TEST(Finite, ASweepGoesOnAfterAMetricThatIsNot) {
  Program program;
  WriteRows(program, true);
  ASSERT_EQ(program.Run({"my.yaml", "optimizer.lr=0.01,0.02", "--out", "s"}).code, 0);
  const Outcome again = program.Run({"my.yaml", "optimizer.lr=0.01,0.02,0.03", "--out", "s"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_FALSE(Contains(again.out, "-nan")) << again.out;
}

TEST(Finite, MissingMetricsAreSortedLast) {
  Program program;
  WriteRows(program, true);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "runs/bad"}).code, 0);
  WriteRows(program, false);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "runs/good"}).code, 0);
  for (const char* key : {"test_loss", "-test_loss"}) {
    const std::string out = program.Run({"runs", "--sort", key}).out;
    EXPECT_LT(out.find("good"), out.find("bad")) << key << ":\n" << out;
  }
}

TEST(Finite, ANetThatItsLastUpdateDestroysHasDiverged) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome run =
      program.Run({"my.yaml", "--out", "o", "train.epochs=1", "train.batch_size=100000",
                   "optimizer.lr=3e38", "optimizer.name=sgd"});
  EXPECT_EQ(run.code, 3) << run.out << run.err;
  EXPECT_TRUE(Contains(run.err, "not finite after the last step (1)")) << run.err;
  EXPECT_EQ(Json::parse(program.Read("o/summary.json"))["status"], "diverged");
}

TEST(Finite, APredictionThatIsNotIsAnError) {
  Program program;
  WriteRows(program, false);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "o"}).code, 0);
  program.Write("new.csv", "1.5,2.5\n3e38,3e38\n");
  const Outcome predicted = program.Run({"predict", "o", "new.csv"});
  EXPECT_EQ(predicted.code, 1) << predicted.out;
  EXPECT_TRUE(Contains(predicted.err, "outputs for row 1 are not finite")) << predicted.err;
  EXPECT_FALSE(Contains(predicted.out, "nan")) << predicted.out;
}

}  // namespace
}  // namespace nabla
