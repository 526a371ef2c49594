// Stopping a run half way.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "framework/record/checkpoint.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

// That take so long that a signal comes before the last one; an instrumented program is slower.
#ifdef NABLA_SANITIZED
constexpr int kSomeEpochs = 150;
#else
constexpr int kSomeEpochs = 1500;
#endif

void ExpectStops(int signal, int code) {
  Program program;
  program.Write("long.yaml", kSmallExperiment);
  program.Start({"long.yaml", "train.epochs=1000000", "evaluate.every=1000", "--out", "o"});
  program.WaitFor("epoch       2/");
  program.Signal(signal);
  const Outcome stopped = program.Finish();
  EXPECT_EQ(stopped.code, code) << stopped.err;
  EXPECT_EQ(stopped.err, "");
  const nlohmann::json summary = nlohmann::json::parse(program.Read("o/summary.json"));
  EXPECT_EQ(summary["status"], "stopped");
  EXPECT_GE(summary["epochs"], 2);
  EXPECT_LT(summary["epochs"], 1000000);
  EXPECT_EQ(summary["weights_hash"],
            ReadCheckpointHead(program.Path("o/checkpoint.safetensors")).weights_hash);
  EXPECT_TRUE(Contains(program.Read("o/report.html"), summary["weights_hash"]));
  EXPECT_TRUE(Contains(stopped.out, "run folder: ")) << stopped.out;
  EXPECT_TRUE(
      Contains(stopped.out, "repeat the command with --resume --out " + program.Path("o") + "\n"));
  // Nothing is cut off.
  EXPECT_EQ(program.Read("o/metrics.jsonl").back(), '\n');
  EXPECT_FALSE(program.Has("o/summary.json.part"));
}

TEST(Signals, InterruptStopsAfterTheStep) { ExpectStops(SIGINT, 130); }

TEST(Signals, TerminateStopsAfterTheStep) { ExpectStops(SIGTERM, 143); }

// A batch that takes seconds, so that both signals come within its step.
constexpr const char* kOneLongStep = R"(name: long_step
dataset: {name: synthetic_digits, train: 20000, test: 10}
model: [{name: linear, units: 2000}, relu, {name: linear, units: 2000}, relu, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20000, epochs: 3}
)";

void ExpectTheSecondStopsAtOnce(int first, int second) {
  Program program;
  program.Write("step.yaml", kOneLongStep);
  program.Start({"step.yaml", "--out", "o"});
  program.WaitFor("data: ");
  program.Signal(first);
  usleep(100000);
  program.Signal(second);
  EXPECT_EQ(program.Finish().code, 128 + second);
  EXPECT_FALSE(program.Has("o/summary.json"));
  EXPECT_FALSE(program.Has("o/checkpoint.safetensors"));
  // Nothing is left locked: the run begins again.
  program.Start({"step.yaml", "--out", "o", "--resume"});
  program.WaitFor("no checkpoint in");
  program.Signal(SIGKILL);
  EXPECT_TRUE(Contains(program.Finish().out, "starting from the beginning"));
}

TEST(Signals, ASecondInterruptStopsAtOnce) { ExpectTheSecondStopsAtOnce(SIGINT, SIGINT); }

TEST(Signals, ATerminateAfterAnInterruptStopsAtOnce) {
  ExpectTheSecondStopsAtOnce(SIGINT, SIGTERM);
}

class SignalsToManyRuns : public testing::Test {
 protected:
  SignalsToManyRuns() { program_.Write("e.yaml", kSmallExperiment); }

  static Words WordsFor(const std::string& epochs, const std::string& folder) {
    return {"e.yaml",
            "train.epochs=" + epochs,
            "evaluate.every=1000",
            "--seeds",
            "2",
            "--threads",
            "2",
            "--out",
            folder};
  }

  void Start(const std::string& epochs) {
    program_.Start(WordsFor(epochs, "o"));
    WaitForFile("o/seed-0/metrics.jsonl");
    WaitForFile("o/seed-1/metrics.jsonl");
  }

  // Until something stands in it.
  void WaitForFile(const std::string& name) {
    for (int i = 0; i < 1000 && (!program_.Has(name) || program_.Read(name).empty()); ++i) {
      usleep(10000);
    }
    EXPECT_TRUE(program_.Has(name)) << name;
  }

  // Until it has more lines than these.
  void WaitForLineAfter(const std::string& name, int64_t lines) {
    const auto count = [&] {
      const std::string text = program_.Read(name);
      return std::count(text.begin(), text.end(), '\n');
    };
    for (int i = 0; i < 1000 && count() <= lines; ++i) usleep(10000);
  }

  nlohmann::json Summary(const std::string& run) {
    return nlohmann::json::parse(program_.Read("o/" + run + "/summary.json"));
  }

  std::string CheckpointHash(const std::string& run) {
    return ReadCheckpointHead(program_.Path("o/" + run + "/checkpoint.safetensors")).weights_hash;
  }

  Program program_;
};

TEST_F(SignalsToManyRuns, TerminateStopsAll) {
  Start("1000000");
  program_.Signal(SIGTERM);
  const Outcome stopped = program_.Finish();
  EXPECT_EQ(stopped.code, 143);
  EXPECT_EQ(stopped.err, "");
  EXPECT_TRUE(Contains(stopped.out, "2 runs are missing")) << stopped.out;
  EXPECT_TRUE(program_.Has("o/sweep.json"));
  for (const std::string run : {"seed-0", "seed-1"}) {
    EXPECT_EQ(Summary(run)["status"], "stopped");
    EXPECT_EQ(CheckpointHash(run), Summary(run)["weights_hash"].get<std::string>());
  }
}

TEST_F(SignalsToManyRuns, WhatWasStoppedGoesOnToTheSameEnd) {
  const std::string epochs = std::to_string(kSomeEpochs);
  ASSERT_EQ(program_.Run(WordsFor(epochs, "whole")).code, 0);
  Start(epochs);
  program_.Signal(SIGTERM);
  ASSERT_EQ(program_.Finish().code, 143);
  EXPECT_LT(Summary("seed-1")["epochs"], kSomeEpochs);
  EXPECT_EQ(program_.Run(WordsFor(epochs, "o")).code, 0);
  EXPECT_EQ(program_.Read("o/sweep.json"), program_.Read("whole/sweep.json"));
  // What is not a run's last word is not left in its folder.
  for (const std::string run : {"seed-0", "seed-1"}) {
    EXPECT_EQ(CheckpointHash(run), Summary(run)["weights_hash"].get<std::string>());
  }
}

TEST_F(SignalsToManyRuns, ASecondInterruptStopsAtOnce) {
  program_.Write("e.yaml", kOneLongStep);
  program_.Start({"e.yaml", "--seeds", "2", "--threads", "2", "--out", "o"});
  WaitForFile("o/seed-0/config.yaml");
  program_.Signal(SIGINT);
  usleep(100000);
  program_.Signal(SIGINT);
  EXPECT_EQ(program_.Finish().code, 130);
  EXPECT_FALSE(program_.Has("o/sweep.json"));
}

TEST_F(SignalsToManyRuns, HangupMakesEachWriteACheckpointAndGoOn) {
  Start("1000000");
  program_.Signal(SIGHUP);
  std::map<std::string, int64_t> epochs;
  for (const std::string run : {"seed-0", "seed-1"}) {
    const std::string file = "o/" + run + "/checkpoint.safetensors";
    WaitForFile(file);
    epochs[run] = ReadCheckpointHead(program_.Path(file)).epochs;
  }
  for (const auto& [run, before] : epochs) WaitForLineAfter("o/" + run + "/metrics.jsonl", before);
  program_.Signal(SIGTERM);
  EXPECT_EQ(program_.Finish().code, 143);
  for (const auto& [run, before] : epochs) EXPECT_GT(Summary(run)["epochs"], before);
}

// Ended by SIGTERM within 2 s, wherever it is; more on a busy machine.
void ExpectEndsSoon(Program& program, const Words& words, const std::string& wait_for = "") {
  program.Start(words);
  if (!wait_for.empty()) program.WaitFor(wait_for);
  usleep(300000);
  program.Signal(SIGTERM);
  const auto sent = std::chrono::steady_clock::now();
  EXPECT_EQ(program.Finish().code, 143) << words[0];
  EXPECT_LT(std::chrono::steady_clock::now() - sent, std::chrono::seconds(5)) << words[0];
}

TEST(Signals, EndWhateverTrainsNothing) {
  Program program;
  program.Write("long.yaml", kOneLongStep);
  ExpectEndsSoon(program, {"find-lr", "long.yaml"});
  ExpectEndsSoon(program, {"time", "long.yaml"});
  // While data is made.
  ExpectEndsSoon(program, {"long.yaml", "dataset.train=2000000", "--out", "o"});
  ExpectEndsSoon(program, {"long.yaml", "dataset.train=2000000", "--seeds", "2", "--out", "p"});
  EXPECT_FALSE(program.Has("o"));
}

// A step of 20 rows, and then 20000 to test on.
TEST(Signals, EndALongEvaluation) {
  Program program;
  program.Write("long.yaml", R"(name: long
dataset: {name: synthetic_digits, train: 20, test: 20000}
model: [{name: linear, units: 2000}, relu, {name: linear, units: 2000}, relu, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20, epochs: 3}
)");
  program.Start({"long.yaml", "--out", "o"});
  program.WaitFor("data: ");
  usleep(100000);
  program.Signal(SIGTERM);
  EXPECT_EQ(program.Finish().code, 143);
  const nlohmann::json summary = nlohmann::json::parse(program.Read("o/summary.json"));
  EXPECT_EQ(summary["status"], "stopped");
  EXPECT_EQ(summary["epochs"], 0);
}

TEST(Signals, EndWaitingForAnother) {
  Program other;
  other.Write("small.yaml", kSmallExperiment);
  const Words words = {"small.yaml", "train.epochs=1000000", "evaluate.every=1000", "--seeds", "1",
                       "--out",      other.Path("o")};
  other.Start(words);
  for (int i = 0; i < 1000 && !other.Has("o/seed-0/metrics.jsonl"); ++i) usleep(10000);
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  ExpectEndsSoon(program, words);
  other.Signal(SIGTERM);
  EXPECT_EQ(other.Finish().code, 143);
}

}  // namespace
}  // namespace nabla
