// Going on from a checkpoint gives the run that was never interrupted.
#include "framework/record/checkpoint.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// Instrumented, the program is slower to start and to train.
#ifdef NABLA_SANITIZED
constexpr int kKills = 20;
#else
constexpr int kKills = 200;
#endif

// Everything that a training remembers: batch norm's statistics, dropout's keys, Adam's moments, a
// schedule, augmentation, an epoch of fewer rows than the data has.
constexpr const char* kEverything = R"(name: everything
dataset: {name: synthetic_digits, train: 400, test: 100}
augment: {shift: 2}
model:
  - {name: linear, units: 24}
  - batch_norm
  - relu
  - {name: dropout, p: 0.2}
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: adam, lr: 0.01}
schedule: {name: cosine}
train: {batch_size: 30, epochs: 4, rows_per_epoch: 350}
)";

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() {
    program_.Write("e.yaml", kEverything);
    EXPECT_EQ(program_.Run({"e.yaml", "--out", "whole"}).code, 0);
  }

  Outcome Resume(const Words& more = {}) {
    Words words = {"e.yaml", "--out", "o", "--resume"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }

  // The least time that a run with a checkpoint every `steps` takes here.
  int64_t Microseconds(const std::string& steps) {
    using Clock = std::chrono::steady_clock;
    auto least = Clock::duration::max();
    for (int i = 0; i < 3; ++i) {
      const auto begin = Clock::now();
      const std::string folder = "timed-" + std::to_string(i);
      EXPECT_EQ(program_.Run({"e.yaml", "--out", folder, "checkpoint.every_steps=" + steps}).code,
                0);
      least = std::min(least, Clock::now() - begin);
    }
    return std::chrono::duration_cast<std::chrono::microseconds>(least).count();
  }

  void ExpectTheWholeRun() {
    EXPECT_EQ(WeightsHash(program_, "o"), WeightsHash(program_, "whole"));
    EXPECT_EQ(EpochsIn(program_, "o"), EpochsIn(program_, "whole"));
  }

  Program program_;
};

TEST_F(CheckpointTest, EveryStepCanBeGoneOnFrom) {
  const int64_t whole = Microseconds("1");
  Outcome last;
  int runs = 0;
  do {
    program_.Start({"e.yaml", "--out", "o", "--resume", "checkpoint.every_steps=1"});
    // Ever longer, so that a busy machine gets past the start of the program.
    usleep(static_cast<useconds_t>(whole * (20 + 10 * (runs % 9) + runs) / 1000));
    program_.Signal(SIGTERM);
    last = program_.Finish();
    ASSERT_TRUE(last.code == 0 || last.code == 143) << last.err;
    ASSERT_LT(++runs, 500);
  } while (last.code != 0);
  EXPECT_GT(runs, 1);
  ExpectTheWholeRun();
}

TEST_F(CheckpointTest, KillsLoseNothing) {
  std::mt19937 random(7);
  const std::string file = program_.Path("o/checkpoint.safetensors");
  const int64_t whole = Microseconds("2");
  int complete = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    program_.Start({"e.yaml", "--out", "o", "--resume", "checkpoint.every_steps=2"});
    usleep(static_cast<useconds_t>(random() % (whole / 3)));
    program_.Signal(SIGKILL);
    const Outcome outcome = program_.Finish();
    ASSERT_TRUE(outcome.code == 128 + SIGKILL || outcome.code == 0) << outcome.err;
    if (std::filesystem::exists(file)) {
      EXPECT_NO_THROW(ReadCheckpointHead(file));
    }
    if (outcome.code != 0) continue;
    ExpectTheWholeRun();
    std::filesystem::remove_all(program_.Path("o"));
    ++complete;
  }
  ASSERT_EQ(Resume({"checkpoint.every_steps=2"}).code, 0);
  ExpectTheWholeRun();
  EXPECT_LT(complete, kKills * 3 / 4) << "too few runs were killed in the middle";
}

TEST_F(CheckpointTest, ACompleteRunIsLeftAlone) {
  ASSERT_EQ(Resume().code, 0);
  const std::string before = program_.Read("o/summary.json");
  const Outcome again = Resume();
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(Contains(again.out, "nothing to do: the run in")) << again.out;
  EXPECT_EQ(program_.Read("o/summary.json"), before);
  ExpectTheWholeRun();
}

TEST_F(CheckpointTest, AnotherExperimentIsRefused) {
  program_.Start({"e.yaml", "--out", "o", "train.epochs=400"});
  program_.WaitFor("epoch   1/400");
  program_.Signal(SIGINT);
  ASSERT_EQ(program_.Finish().code, 130);
  const Outcome other = Resume({"train.epochs=400", "optimizer.lr=0.02"});
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(Contains(other.err, "run of another experiment")) << other.err;
  const Outcome same = program_.Run({"e.yaml", "--resume"});
  EXPECT_EQ(same.code, 2);
  EXPECT_TRUE(Contains(same.err, "--resume needs --out")) << same.err;
}

TEST_F(CheckpointTest, HangupWritesOneAndGoesOn) {
  program_.Start({"e.yaml", "--out", "o", "train.epochs=2000"});
  program_.WaitFor("epoch    1/2000");
  EXPECT_FALSE(program_.Has("o/checkpoint.safetensors"));
  program_.Signal(SIGHUP);
  for (int i = 0; i < 500 && !program_.Has("o/checkpoint.safetensors"); ++i) usleep(10000);
  EXPECT_TRUE(program_.Has("o/checkpoint.safetensors"));
  program_.Signal(SIGTERM);
  EXPECT_EQ(program_.Finish().code, 143);
}

TEST_F(CheckpointTest, StoppingEarlyAndTheBest) {
  const Words words = {"e.yaml",
                       "--out",
                       "o",
                       "train.epochs=60",
                       "checkpoint.best=test_accuracy",
                       "early_stop.metric=test_accuracy",
                       "early_stop.patience=3"};
  ASSERT_EQ(program_.Run(words).code, 0);
  const std::vector<Json> metrics = EpochsIn(program_, "o");
  ASSERT_LT(metrics.size(), 60u);
  size_t best = 0;
  for (size_t i = 0; i < metrics.size(); ++i) {
    if (metrics[i]["test_accuracy"] > metrics[best]["test_accuracy"]) best = i;
  }
  EXPECT_EQ(metrics.size(), best + 1 + 3);
  EXPECT_EQ(ReadCheckpointHead(program_.Path("o/best.safetensors")).epochs,
            static_cast<int64_t>(best) + 1);
  EXPECT_EQ(Json::parse(program_.Read("o/summary.json"))["status"], "complete");
}

}  // namespace
}  // namespace nabla
