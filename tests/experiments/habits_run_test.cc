// Runs with what notebooks do beyond plain training: resumed, predicted with, swept over.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kHabits =
    "name: net\ndtype: float64\nrng: numpy_default_rng\n"
    "skip_draws: [{draw: normal, count: 3}, {draw: permutation, count: 60, times: 2}]\n"
    "dataset: {name: moons, points: 60, noise: 0.1, seed: 1}\n"
    "split: {test_fraction: 0.25, stratify: true, permutation: numpy}\n"
    "standardise: true\nstandardise_by: all_rows\nfloat32_inputs: true\n"
    "model: [{name: linear, units: 8}, tanh, {name: linear, units: 1}, sigmoid]\n"
    "loss: bce\nshown_loss: half_mse\npenalties: [{l2: 0.01, per_row: true, shown: both}]\n"
    "optimizer: {name: sgd, lr: 0.5}\n"
    "schedule: {name: inverse_time, decay: 0.01, per: epoch}\n"
    "train: {batch_size: 7, epochs: 6, order: replacement, share_bias_gradients: true}\n"
    "evaluate: {train_loss: after}\n";

class HabitsRun : public testing::Test {
 protected:
  HabitsRun() { program_.Write("net.yaml", kHabits); }

  void Run(const Words& arguments) {
    const Outcome outcome = program_.Run(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
  }

  Json Summary(const std::string& run) { return Json::parse(program_.Read(run + "/summary.json")); }

  Program program_;
};

TEST_F(HabitsRun, ResumesExactly) {
  for (const std::string order : {"replacement", "choice", "shuffle"}) {
    const std::string change = "train.order=" + order;
    Run({"net.yaml", change, "--out", order, "--quiet"});
    Run({"net.yaml", change, "train.epochs=3", "--out", order + "2", "--quiet"});
    Run({"net.yaml", change, "--out", order + "2", "--quiet", "--resume"});
    EXPECT_EQ(Summary(order)["weights_hash"], Summary(order + "2")["weights_hash"]) << order;
    EXPECT_EQ(Summary(order)["train_loss"], Summary(order + "2")["train_loss"]) << order;
  }
}

// The run's own config.yaml, with every default, trains the same.
TEST_F(HabitsRun, ItsConfigTrainsTheSame) {
  Run({"net.yaml", "--out", "a", "--quiet"});
  Run({"a/config.yaml", "--out", "b", "--quiet", "--threads", "2"});
  EXPECT_EQ(Summary("a")["weights_hash"], Summary("b")["weights_hash"]);
  EXPECT_EQ(program_.Read("a/config.yaml"), program_.Read("b/config.yaml"));
}

TEST_F(HabitsRun, ASingleOutputPredictsBothClasses) {
  Run({"net.yaml", "--out", "run", "--quiet"});
  program_.Write("points.csv", "0,1\n1,-0.5\n");
  const Outcome outcome = program_.Run({"predict", "run", "points.csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  for (const std::string expected : {"0: class 0, probabilities ", "1: class 1, probabilities "}) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line)) << outcome.out;
    EXPECT_TRUE(line.starts_with(expected)) << line;
    std::istringstream numbers(line.substr(expected.size()));
    double first = 0, second = 0;
    EXPECT_TRUE(numbers >> first >> second) << line;
    EXPECT_NEAR(first + second, 1, 2e-6);
  }
}

TEST_F(HabitsRun, ASweepTakesEveryFold) {
  program_.Write("folds.yaml",
                 "name: folds\ndataset: iris\nsplit: {folds: 3, permutation: numpy}\n"
                 "standardise: true\nmodel: [{name: linear, units: 3}]\nloss: cross_entropy\n"
                 "optimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 5}\n"
                 "sweep: {grid: {split.fold: [0, 1, 2]}}\n");
  const Outcome outcome = program_.Run({"sweep", "folds.yaml", "--out", "s"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "folds: 3 settings")) << outcome.out;
  // Each fold tests on other rows, which the weights do not see.
  std::set<std::string> hashes;
  for (const char* fold : {"0", "1", "2"}) {
    hashes.insert(Json::parse(
        program_.Read(std::string("s/") + fold + "/seed-0/summary.json"))["weights_hash"]);
  }
  EXPECT_EQ(hashes.size(), 3u);
}

TEST_F(HabitsRun, AnAutoencoderIsTrainedResumedAndPredictedWith) {
  program_.Write("auto.yaml",
                 "name: auto\ndataset: {name: digits8x8, scale: 16}\ntargets: inputs\n"
                 "split: {train_fraction: 0.8}\n"
                 "model: [{name: linear, units: 12}, relu, {name: linear, units: 64}, sigmoid]\n"
                 "loss: mse\noptimizer: {name: adam, lr: 0.01}\ntrain: {epochs: 4}\n");
  Run({"auto.yaml", "--out", "a", "--quiet"});
  Run({"auto.yaml", "train.epochs=2", "--out", "b", "--quiet"});
  Run({"auto.yaml", "--out", "b", "--quiet", "--resume"});
  EXPECT_EQ(Summary("a")["weights_hash"], Summary("b")["weights_hash"]);
  EXPECT_LT(Summary("a")["train_loss"].get<double>(), 0.1);
  std::string row = "0";
  for (int i = 1; i < 64; ++i) row += "," + std::to_string(i % 17);
  program_.Write("row.csv", row + "\n");
  const Outcome outcome = program_.Run({"predict", "a", "row.csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_TRUE(outcome.out.starts_with("mse ")) << outcome.out;
  int count = 0;
  for (size_t at = outcome.out.find(" pixel_"); at != std::string::npos; ++count) {
    at = outcome.out.find(" pixel_", at + 1);
  }
  EXPECT_EQ(count, 64);
}

// Steps that the source counts from 0 are judged as epochs.
TEST_F(HabitsRun, StepsOfAReferenceAreReproduced) {
  Run({"net.yaml", "--out", "run", "--quiet"});
  std::istringstream lines(program_.Read("run/metrics.jsonl"));
  std::string printed;
  int epoch = 0;
  for (std::string line; std::getline(lines, line); ++epoch) {
    if (epoch % 2 != 0) continue;
    printed += (printed.empty() ? "" : ", ") + Json::parse(line)["train_loss"].dump();
  }
  program_.Write("ref.yaml", std::string(kHabits) +
                                 "reference: [{metric: train_loss, steps: 0..5/2, exact: true, "
                                 "printed: [" +
                                 printed + "]}]\nreproduce: {seeds: 1}\n");
  const Outcome outcome = program_.Run({"reproduce", "ref.yaml", "--out", "r"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "exact")) << outcome.out;
}

}  // namespace
}  // namespace nabla
