// `run why`: what is planted in one of two runs is found.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kDigits = "{name: synthetic_digits, train: 300, test: 100}";
constexpr const char* kNet = R"(name: net
model:
  - {name: linear, units: 12}
  - relu
  - {name: linear, units: 10, weight: he_normal}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20, epochs: 2}
)";

class WhyRuns : public testing::Test {
 protected:
  WhyRuns() {
    WriteNet(kDigits);
    Train("a");
  }

  void WriteNet(const std::string& dataset) {
    program_.Write("net.yaml", kNet + ("dataset: " + dataset + "\n"));
  }

  void Train(const std::string& folder, const Words& more = {}) {
    Words words = {"net.yaml", "--out", "runs/" + folder, "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = program_.Run(words);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }

  Outcome Why(const Words& more) {
    Words words = {"why"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }

  // Of a and a run with these settings.
  Json Planted(const Words& settings, const Words& more = {"--no-train"}) {
    std::filesystem::remove_all(program_.Path("runs/b"));
    Train("b", settings);
    Words words = {"a", "b", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = Why(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_FALSE(Contains(outcome.err, "warning")) << outcome.err;
    return Json::parse(outcome.out);
  }

  void ExpectRefused(const Words& words, const std::string& message) {
    const Outcome outcome = Why(words);
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    EXPECT_TRUE(Contains(outcome.err, message)) << outcome.err;
  }

  Program program_;
};

// The name of the first tensor that differs.
std::string Tensor(const Json& found) {
  return found["first_difference"]["tensors"].at(0)["tensor"];
}

TEST_F(WhyRuns, FindsAnotherSeed) {
  const Json found = Planted({"seed=3"});
  EXPECT_EQ(found["config"], Json::parse(R"([{"key": "seed", "a": "0", "b": "3"}])"));
  EXPECT_EQ(found["first_difference"]["step"], 0);
  EXPECT_EQ(Tensor(found), "model.0.weight");
  EXPECT_TRUE(found["rows"].empty());
}

TEST_F(WhyRuns, FindsAnotherRate) {
  const Json found = Planted({"optimizer.lr=0.2"});
  const Json& first = found["first_difference"];
  EXPECT_EQ(first["step"], 1);
  EXPECT_EQ(first["epoch"], 1);
  EXPECT_EQ(first["rows"], "");
  EXPECT_EQ(first["loss"]["a"], first["loss"]["b"]);
  EXPECT_EQ(Tensor(found), "model.0.weight");
  EXPECT_EQ(first["tensors"].size(), 4u);
  EXPECT_EQ(first["tensors"][0]["layer"], "linear");
}

TEST_F(WhyRuns, FindsAnotherBatchSize) {
  const Json found = Planted({"train.batch_size=50"});
  EXPECT_EQ(found["first_difference"]["step"], 1);
  EXPECT_EQ(found["first_difference"]["rows"], "20 rows in a, 50 in b");
}

TEST_F(WhyRuns, FindsAnotherInitializerOfOneLayer) {
  const Json found = Planted({"model.2.weight=xavier_normal"});
  EXPECT_EQ(found["config"][0]["key"], "model.2.weight");
  EXPECT_EQ(found["first_difference"]["step"], 0);
  EXPECT_EQ(Tensor(found), "model.2.weight");
}

TEST_F(WhyRuns, FindsMomentum) {
  // Its first update is that without momentum, but for the rounding of a fused multiplication.
  const Json found = Planted({"optimizer.momentum=0.9"});
  EXPECT_EQ(found["first_difference"]["step"], 1);
  for (const Json& tensor : found["first_difference"]["tensors"]) {
    EXPECT_TRUE(tensor["by_rounding"]) << tensor;
  }
  const Json& beyond = found["first_beyond_rounding"];
  EXPECT_EQ(beyond["step"], 2);
  EXPECT_EQ(beyond["tensors"][0]["tensor"], "model.0.weight");
  EXPECT_FALSE(beyond["tensors"][0]["by_rounding"]);
}

TEST_F(WhyRuns, FindsAnotherNumberType) {
  const Json found = Planted({"dtype=float64"});
  EXPECT_EQ(found["rows"].size(), 2u);
  EXPECT_EQ(found["first_difference"]["step"], 0);
  EXPECT_TRUE(found["first_difference"]["tensors"][0]["by_rounding"]);
  const Outcome text = Why({"a", "b", "--no-train"});
  EXPECT_TRUE(Contains(text.out, "numbers differ, by rounding\n")) << text.out;
  EXPECT_TRUE(Contains(text.out, "difference beyond rounding")) << text.out;
}

TEST_F(WhyRuns, FindsOtherShapes) {
  const Json found = Planted({"model.0.units=13"});
  EXPECT_TRUE(Contains(found["first_difference"]["shapes"], "model.0.weight (linear), "));
}

TEST_F(WhyRuns, FindsALaterDifference) {
  const Json found = Planted({"schedule={name: step, step_size: 20, gamma: 0.5}"});
  EXPECT_EQ(found["first_difference"]["step"], found["same_steps"].get<int>() + 1);
  EXPECT_GT(found["same_steps"], 15);
  // The first epoch was replayed whole, and its record is right.
  EXPECT_EQ(found["a"]["epochs_compared"], 1);
  EXPECT_FALSE(found["a"].contains("difference"));
}

TEST_F(WhyRuns, SaysThatRunsAreTheSame) {
  const Json found = Planted({"description=another", "--threads", "2"});
  EXPECT_TRUE(found["first_difference"].is_null());
  EXPECT_EQ(found["same_steps"], 30);
  EXPECT_EQ(found["a"]["epochs_compared"], 2);
  EXPECT_FALSE(found["a"].contains("difference"));
  EXPECT_FALSE(found["b"].contains("weights_hash"));
  const Outcome text = Why({"a", "b", "--threads", "1"});
  EXPECT_EQ(text.out,
            "replaying 2 epochs, 600 s on 1 threads (--budget)\n\na: a\nb: b\n"
            "config:\n  description  \"\"  another\n"
            "data: the same 300 rows to train, 100 to test\n"
            "no difference: the first weights, and 30 steps\n"
            "record of a: what the replay gives, for 2 epochs\n"
            "record of b: what the replay gives, for 2 epochs\n"
            "\nkeys: not turned: no key that a training depends on differs\n");
}

TEST_F(WhyRuns, SaysThatARecordIsNotTheReplay) {
  Train("b");
  std::string lines = program_.Read("runs/b/metrics.jsonl");
  lines.replace(lines.find("\"train_loss\":"), 14, "\"train_loss\":9");
  program_.Write("runs/b/metrics.jsonl", lines);
  std::string environment = program_.Read("runs/b/environment.json");
  environment.replace(environment.find("\"cpu\": \""), 8, "\"cpu\": \"old ");
  program_.Write("runs/b/environment.json", environment);
  const Outcome outcome = Why({"a", "b"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "record of b: train_loss of epoch 1 is 9")) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "since then: cpu was old ")) << outcome.out;
  std::string summary = program_.Read("runs/a/summary.json");
  const std::string hash = Json::parse(summary)["weights_hash"];
  summary.replace(summary.find(hash), 4, "0000");
  program_.Write("runs/a/summary.json", summary);
  const Outcome weights = Why({"a", "b"});
  EXPECT_TRUE(Contains(weights.out, "record of a: its last weights are 0000")) << weights.out;
  EXPECT_TRUE(Contains(weights.out, "another build, a run that was resumed")) << weights.out;
}

TEST_F(WhyRuns, FindsARowThatChanged) {
  std::string rows = "x,y,label\n";
  for (int i = 0; i < 40; ++i) {
    rows +=
        std::to_string(i % 7) + "," + std::to_string(i % 5) + ".5," + std::to_string(i % 2) + "\n";
  }
  program_.Write("one.csv", rows);
  std::string other = rows;
  other.replace(other.find("\n3,3.5,1\n"), 3, "\n4,");
  program_.Write("two.csv", other);
  WriteNet("{name: csv, train: one.csv, label_column: -1, header: true}");
  std::filesystem::remove_all(program_.Path("runs/a"));
  Train("a", {"model.2.units=2", "evaluate.split=train"});
  const Json found = Planted({"model.2.units=2", "evaluate.split=train", "dataset.train=two.csv"});
  ASSERT_EQ(found["rows"].size(), 1u) << found;
  EXPECT_EQ(found["rows"][0]["what"], "input 0 of row 3");
  EXPECT_EQ(found["rows"][0]["a"], "3");
  EXPECT_EQ(found["rows"][0]["b"], "4");
  EXPECT_EQ(found["rows"][0]["differing"], 1);
  EXPECT_FALSE(found["first_difference"].is_null());
  // The file that both name is another one now.
  std::filesystem::remove_all(program_.Path("runs/b"));
  program_.Write("one.csv", other);
  Train("b", {"model.2.units=2", "evaluate.split=train"});
  const Outcome changed = Why({"a", "b"});
  EXPECT_EQ(changed.code, 0) << changed.err;
  for (const char* part :
       {"config: the same\n", "data: the training rows changed since the run of a: what follows",
        "no difference: ", "record of a: train_loss of epoch 1 is ",
        "record of b: what the replay gives",
        "keys: not turned: the training rows of a changed since its run"}) {
    EXPECT_TRUE(Contains(changed.out, part)) << part << "\n" << changed.out;
  }
}

TEST_F(WhyRuns, SharesTheGapAmongTheKeys) {
  const Words settings = {"optimizer.lr=0.4", "seed=3", "train.epochs=3"};
  const Json found = Planted(settings, {"--metric", "train_loss", "--out", "turned"});
  const Json& keys = found["keys"];
  EXPECT_EQ(keys["metric"], "train_loss");
  ASSERT_EQ(keys["turned"].size(), 3u) << keys;
  double shares = 0;
  const double gap = keys["b"].get<double>() - keys["a"].get<double>();
  for (const Json& one : keys["turned"]) {
    const std::string key = one["keys"][0];
    // Each is a run that can be made by hand.
    for (const std::string& setting : settings) {
      if (!setting.starts_with(key)) continue;
      Train(key, {setting});
      const Json alone = Json::parse(program_.Read("runs/" + key + "/summary.json"));
      EXPECT_EQ(one["value"], alone["train_loss"]) << key;
    }
    EXPECT_TRUE(program_.Has("turned/" + key + "/summary.json")) << key;
    EXPECT_DOUBLE_EQ(one["share"], (one["value"].get<double>() - keys["a"].get<double>()) / gap);
    shares += one["share"].get<double>();
  }
  EXPECT_NEAR(keys["left_over"], 1 - shares, 1e-12);
  // The runs that are kept are not made again, and no others may be among them.
  const Outcome again = Why({"a", "b", "--metric", "train_loss", "--out", "turned"});
  EXPECT_TRUE(Contains(again.out, "0 of 3 runs are left to do here")) << again.out;
  EXPECT_TRUE(Contains(again.out, "left over")) << again.out;
  Train("c", {"optimizer.lr=0.8", "seed=3"});
  ExpectRefused({"a", "c", "--out", "turned"}, "turned");
}

TEST_F(WhyRuns, TheOnlyKeyMakesAllOfTheGap) {
  Train("b", {"optimizer.lr=0.4"});
  const Outcome outcome = Why({"a", "b"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "100.0 %")) << outcome.out;
  EXPECT_FALSE(Contains(outcome.out, "left over")) << outcome.out;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST_F(WhyRuns, BoundsTheReplay) {
  Train("b", {"notes=x"});
  const Outcome steps = Why({"a", "b", "--steps", "7"});
  EXPECT_TRUE(Contains(steps.out, "no difference: the first weights, and 7 steps\n")) << steps.out;
  EXPECT_TRUE(Contains(steps.out, "the replay ended early: --steps\n")) << steps.out;
  const Outcome budget = Why({"a", "b", "--budget", "0s"});
  EXPECT_TRUE(Contains(budget.out, "the replay ended early: --budget\n")) << budget.out;
  Train("c", {"seed=3", "optimizer.lr=0.3"});
  const Outcome keys = Why({"a", "c", "--budget", "0"});
  EXPECT_EQ(keys.code, 0) << keys.err;
  EXPECT_TRUE(Contains(keys.out, "no figure: not trained to its end")) << keys.out;
  EXPECT_TRUE(Contains(keys.out, "first difference: the first weights")) << keys.out;
}

TEST_F(WhyRuns, ComparesRunsThatDidNotEnd) {
  Train("b", {"train.epochs=3"});
  std::filesystem::remove(program_.Path("runs/b/summary.json"));
  std::string lines = program_.Read("runs/b/metrics.jsonl");
  program_.Write("runs/b/metrics.jsonl", lines.substr(0, lines.find('\n') + 1));
  const Outcome cut = Why({"a", "b"});
  EXPECT_EQ(cut.code, 0) << cut.err;
  EXPECT_TRUE(Contains(cut.out, "no difference: the first weights, and 15 steps\n")) << cut.out;
  EXPECT_TRUE(Contains(cut.out, "b is cut off after 1 epoch\n")) << cut.out;
  EXPECT_TRUE(Contains(cut.out, "keys: not turned: b has no last metrics, since it is cut off"))
      << cut.out;
  EXPECT_EQ(program_.Run({"net.yaml", "optimizer.lr=1e30", "--out", "runs/d"}).code, 3);
  const Outcome diverged = Why({"a", "d"});
  EXPECT_EQ(diverged.code, 0) << diverged.err;
  EXPECT_TRUE(Contains(diverged.out, "b is diverged after 0 epochs")) << diverged.out;
  EXPECT_EQ(program_.Run({"net.yaml", "optimizer.lr=1e30", "notes=x", "--out", "runs/e"}).code, 3);
  const Outcome both = Why({"d", "e"});
  EXPECT_TRUE(Contains(both.out, "both replays diverged: ")) << both.out;
}

TEST_F(WhyRuns, ASignalEndsTheReplay) {
  Train("b", {"notes=x"});
  // Runs that would take hours: their records say nothing of it.
  for (const char* folder : {"a", "b"}) {
    const std::string base = std::string("runs/") + folder;
    std::string config = program_.Read(base + "/config.yaml");
    config.replace(config.find("epochs: 2"), 9, "epochs: 900000");
    program_.Write(base + "/config.yaml", config);
    std::string lines;
    const std::string all = program_.Read(base + "/metrics.jsonl");
    for (int i = 0; i < 20000; ++i) lines += all;
    program_.Write(base + "/metrics.jsonl", lines);
  }
  program_.Start({"why", "a", "b"});
  program_.WaitFor("replaying 40000 epochs");
  program_.Signal(SIGINT);
  const Outcome stopped = program_.Finish();
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_TRUE(Contains(stopped.out, "the replay ended early: a signal\n")) << stopped.out;
  EXPECT_TRUE(Contains(stopped.out, "keys: not turned: a signal came\n")) << stopped.out;
}

TEST_F(WhyRuns, RefusesWhatIsNotTwoRuns) {
  ExpectRefused({"a"}, "folders");
  ExpectRefused({"a", "nowhere"}, "nowhere: error: no such run folder");
  ExpectRefused({"a", "runs/a/."}, "this is the folder of the other run");
  std::filesystem::create_directory(program_.Path("empty"));
  ExpectRefused({"a", "empty"}, "is this the folder of a run?");
  ASSERT_EQ(program_.Run({"net.yaml", "optimizer.lr=0.1,0.2", "--out", "runs/s"}).code, 0);
  ExpectRefused({"a", "s"}, "s: error: this folder holds many runs: name one of them");
  EXPECT_EQ(Why({"s/0.1/seed-0", "s/0.2/seed-0"}).code, 0);
  Train("b", {"seed=3"});
  ExpectRefused({"a", "b", "--metric", "test_acuracy"}, "did you mean \"test_accuracy\"?");
  ExpectRefused({"a", "b", "--steps", "0"}, "--steps");
  WriteNet("mnist");
  ASSERT_EQ(program_.Run({"net.yaml", "--offline", "--out", "runs/m", "train.epochs=1"}).code, 0);
  ExpectRefused({"a", "m"}, "mnist was missing, so this run trained on synthetic_digits");
}

}  // namespace
}  // namespace nabla
