// Sweeps with `halving`: the bits, the winner and the way back of successive halving.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// What must survive a pause: rates of all epochs, batch statistics, random zeros, moments. 15
// batches an epoch.
constexpr const char* kExperiment = R"(name: tiny
dataset: {name: synthetic_digits, train: 300, test: 100}
model: [{name: linear, units: 12}, batch_norm, relu, {name: dropout, p: 0.1}, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: adam, lr: 0.1}
schedule: cosine
train: {batch_size: 20, epochs: 4}
sweep:
  grid: {optimizer.lr: [0.000001, 0.01, 0.00001, 0.0001]}
  halving: {factor: 2, epochs: 0.3}
)";

class Halving : public testing::Test {
 protected:
  Halving() { program_.Write("tiny.yaml", kExperiment); }

  Outcome Run(const std::string& out, const Words& more = {}) {
    Words words = {"tiny.yaml", "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }
  Json Sweep(const std::string& out) { return Json::parse(program_.Read(out + "/sweep.json")); }
  // A setting that only the first rung trained.
  std::string FirstLeft(const std::string& out) {
    const Json sweep = Sweep(out);
    for (const Json& point : sweep["points"]) {
      if (point["rung"] == 1) return point["label"];
    }
    return "";
  }
  std::string Hash(const std::string& run) { return WeightsHash(program_, run); }
  std::vector<Json> Epochs(const std::string& run) { return EpochsIn(program_, run); }
  void ExpectRefused(const Words& more, const std::string& message) {
    const Outcome run = Run("refused", more);
    EXPECT_EQ(run.code, 2) << message;
    EXPECT_TRUE(Contains(run.err, message)) << run.err;
    EXPECT_FALSE(program_.Has("refused/sweep.json"));
  }

  Program program_;
};

// Rungs end within an epoch, at an evaluated epoch, and at one that is not.
TEST_F(Halving, TheWinnerAndItsBitsAreThoseOfTheGrid) {
  const Words cases[] = {{},
                         {"evaluate.every=2", "sweep.halving.epochs=1"},
                         {"split={validation_fraction: 0.2}", "sweep.folds=2"},
                         {"checkpoint={every_steps: 4}", "dtype=float64", "train.order=shuffle"},
                         {"early_stop={patience: 1, min_change: 0.0001}", "evaluate.split=both"}};
  int i = 0;
  for (const Words& words : cases) {
    const std::string out = "halving" + std::to_string(++i);
    const std::string grid = "grid" + std::to_string(i);
    Words plain = words;
    std::erase_if(plain, [](const auto& word) { return Contains(word, "sweep.halving"); });
    plain.insert(plain.end(), {"sweep.halving=null", "--seeds", "2"});
    Words halved = words;
    halved.insert(halved.end(), {"--seeds", "2"});
    ASSERT_EQ(Run(grid, plain).code, 0);
    const Outcome run = Run(out, halved);
    ASSERT_EQ(run.code, 0) << run.err;
    const bool folds = i == 3;
    for (const std::string seed : {"0", "1"}) {
      const std::string best = "/0.01/seed-" + seed + (folds ? "-fold-1" : "");
      EXPECT_EQ(Hash(out + best), Hash(grid + best)) << i;
      EXPECT_EQ(Epochs(out + best), Epochs(grid + best)) << i;
    }
    // All of them, whatever became of them, did the same as long as they went.
    for (const std::string lr : {"0.000001", "0.00001", "0.0001"}) {
      const std::string other = "/" + lr + "/seed-1" + (folds ? "-fold-0" : "");
      const std::vector<Json> some = Epochs(out + other);
      EXPECT_LT(some.size(), 4u);
      for (size_t e = 0; e + 1 < some.size(); ++e) {
        EXPECT_EQ(some[e], Epochs(grid + other)[e]) << i << " " << lr;
      }
    }
    EXPECT_EQ(Sweep(out)["points"][1]["rung"], 3) << run.out;
  }
}

TEST_F(Halving, SaysWhatItWillDoAndWhereEachSettingEnded) {
  const Outcome run = Run("o");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out,
                       "halving: 4 settings until epoch 0.3, 2 until 0.6, 1 until 4: 32.5 % of the "
                       "epochs of all settings"))
      << run.out;
  EXPECT_TRUE(Contains(run.out, "after epoch 0.3, 2 of 4 settings go on, by test_accuracy: "))
      << run.out;
  EXPECT_TRUE(
      Contains(run.out, "after epoch 0.6, 1 of 2 settings goes on, by test_accuracy: 0.01\n"))
      << run.out;
  const size_t rest = run.out.find("not trained to the end");
  ASSERT_NE(rest, std::string::npos) << run.out;
  EXPECT_LT(run.out.find("\n0.01 "), rest) << run.out;
  EXPECT_GT(run.out.find("\n0.000001 "), rest) << run.out;
  const Json points = Sweep("o")["points"];
  EXPECT_EQ(points[1]["rung"], 3);
  EXPECT_FALSE(points[1].contains("paused_at"));
  EXPECT_EQ(points[1]["runs"][0]["test_accuracy"].size(), 4u);
  int at_first = 0;
  for (const int p : {0, 2, 3}) {
    at_first += points[p]["rung"] == 1;
    EXPECT_EQ(points[p]["paused_at"], points[p]["rung"] == 1 ? 0.3 : 0.6);
    EXPECT_TRUE(points[p]["runs"][0]["paused"].contains("test_accuracy"));
  }
  EXPECT_EQ(at_first, 2);
  const std::string csv = program_.Read("o/sweep.csv");
  EXPECT_TRUE(csv.starts_with("point,optimizer.lr,seed,rung,status,epoch,train_loss")) << csv;
  EXPECT_TRUE(Contains(csv, "\"0.01\",0.01,0,3,complete,4,")) << csv;
  EXPECT_TRUE(Contains(csv, ",0,1,left,0.3,")) << csv;
  const std::string page = program_.Read("o/report.html");
  EXPECT_TRUE(Contains(page, "left at epoch 0.3"));
  EXPECT_LT(page.find("scope=\"row\">0.01<"), page.find("scope=\"row\">0.0001<"));
}

// The metrics that ranked a run are those of its weights then.
TEST_F(Halving, RanksByTheMetricsOfThatMoment) {
  ASSERT_EQ(Run("o", {"sweep.halving.epochs=1"}).code, 0);
  ASSERT_EQ(Run("grid", {"sweep.halving=null"}).code, 0);
  const Json pause = Json::parse(program_.Read("o/0.01/seed-0/pauses.json"))[0];
  EXPECT_EQ(pause["epochs"], 1.0);
  EXPECT_EQ(pause["step"], 15);
  const Json first = Epochs("grid/0.01/seed-0")[0];
  for (const char* name : {"train_loss", "train_accuracy", "test_loss", "test_accuracy"}) {
    EXPECT_EQ(pause["metrics"][name], first[name]) << name;
  }
  // An epoch of 3 batches is the first fifth of one of 15.
  ASSERT_EQ(program_
                .Run({"tiny.yaml", "sweep=null", "optimizer.lr=0.01", "schedule=constant",
                      "train={batch_size: 20, epochs: 1, rows_per_epoch: 60}", "--out", "short"})
                .code,
            0);
  ASSERT_EQ(Run("constant", {"sweep.halving.epochs=0.2", "schedule=constant"}).code, 0);
  const Json within = Json::parse(program_.Read("constant/0.01/seed-0/pauses.json"))[0];
  EXPECT_EQ(within["step"], 3);
  const Json shortest = Epochs("short")[0];
  for (const char* name : {"train_loss", "train_accuracy", "test_loss", "test_accuracy"}) {
    EXPECT_EQ(within["metrics"][name], shortest[name]) << name;
  }
}

TEST_F(Halving, TheTestRowsWaitForTheEndWhereThereAreOthers) {
  ASSERT_EQ(Run("o", {"split={validation_fraction: 0.2}", "sweep.halving.epochs=1"}).code, 0);
  for (const Json& pause : Json::parse(program_.Read("o/0.01/seed-0/pauses.json"))) {
    EXPECT_TRUE(pause["metrics"].contains("validation_accuracy"));
    EXPECT_FALSE(pause["metrics"].contains("test_accuracy"));
  }
}

TEST_F(Halving, WhatWasInterruptedEndsTheSame) {
  const Words words = {"train.epochs=1500", "sweep.halving.epochs=30", "evaluate.every=100",
                       "--threads", "1"};
  ASSERT_EQ(Run("whole", words).code, 0);
  Words all = {"tiny.yaml", "--out", "o"};
  all.insert(all.end(), words.begin(), words.end());
  program_.Start(all);
  program_.WaitFor("after epoch 30, ");
  program_.Signal(SIGINT);
  const Outcome stopped = program_.Finish();
  ASSERT_EQ(stopped.code, 130) << stopped.out;
  EXPECT_TRUE(Contains(stopped.out, "missing")) << stopped.out;
  const std::string dropped = "o/" + FirstLeft("whole") + "/seed-0/summary.json";
  const std::string before = program_.Read(dropped);  // with its seconds
  Words again = words;
  again.push_back("--resume");
  const Outcome rest = Run("o", again);
  ASSERT_EQ(rest.code, 0) << rest.err;
  EXPECT_TRUE(Contains(rest.out, "0 of 4 runs are left to do here")) << rest.out;
  EXPECT_EQ(program_.Read("o/sweep.json"), program_.Read("whole/sweep.json"));
  EXPECT_EQ(Hash("o/0.01/seed-0"), Hash("whole/0.01/seed-0"));
  EXPECT_EQ(program_.Read(dropped), before);
  // Once more, with nothing left to do.
  EXPECT_EQ(Run("o", words).code, 0);
  EXPECT_EQ(program_.Read("o/sweep.json"), program_.Read("whole/sweep.json"));
  // A run that lost its checkpoint after a pause begins anew, to the same bits.
  std::remove(program_.Path("o/0.01/seed-0/summary.json").c_str());
  std::remove(program_.Path("o/0.01/seed-0/checkpoint.safetensors").c_str());
  EXPECT_EQ(Run("o", words).code, 0);
  EXPECT_EQ(program_.Read("o/sweep.json"), program_.Read("whole/sweep.json"));
}

// Nothing has been decided about a run that paused before the others of its rung did.
TEST_F(Halving, ThePageSaysWhichRunsAreLeftAndWhichArePaused) {
  program_.Start({"tiny.yaml", "--out", "o", "train.epochs=50000", "sweep.halving.epochs=2000",
                  "evaluate.every=50000", "--threads", "1"});
  const auto paused = [&] {
    for (const auto& setting : std::filesystem::directory_iterator(program_.Path("o"))) {
      if (std::filesystem::exists(setting.path() / "seed-0/pauses.json")) return true;
    }
    return false;
  };
  while (!program_.Has("o/plan.json") || !paused()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  program_.Signal(SIGINT);
  ASSERT_EQ(program_.Finish().code, 130);
  ASSERT_EQ(program_.Run({"report", "o"}).code, 0);
  const std::string page = program_.Read("o/report.html");
  EXPECT_TRUE(Contains(page, "paused at epoch 2000"));
  EXPECT_FALSE(Contains(page, "left at epoch"));
  ASSERT_EQ(Run("whole").code, 0);
  const std::string whole = program_.Read("whole/report.html");
  EXPECT_TRUE(Contains(whole, "left at epoch 0.3"));
  EXPECT_FALSE(Contains(whole, "paused at epoch"));
}

TEST_F(Halving, ProcessesWithTheSameFolderDivideTheRuns) {
  const Words words = {"--seeds", "6", "--threads", "1"};
  ASSERT_EQ(Run("whole", words).code, 0);
  Program other;
  other.Write("tiny.yaml", kExperiment);
  Words all = {"tiny.yaml", "--out", program_.Path("shared")};
  all.insert(all.end(), words.begin(), words.end());
  program_.Start(all);
  other.Start(all);
  for (Program* program : {&program_, &other}) {
    const Outcome outcome = program->Finish();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
  }
  EXPECT_EQ(program_.Read("shared/sweep.json"), program_.Read("whole/sweep.json"));
}

TEST_F(Halving, DivergedSettingsAreDroppedFirst) {
  const Words words = {"optimizer={name: sgd, lr: 0.1}", "model=[{name: linear, units: 10}]",
                       "schedule=constant", "loss=half_mse",
                       "sweep={grid: {optimizer.lr: [1e30, 0.01, 1e31, 0.001]}, "
                       "halving: {factor: 2, epochs: 1}}"};
  const Outcome run = Run("o", words);
  EXPECT_EQ(run.code, 0) << run.err;
  const Json points = Sweep("o")["points"];
  EXPECT_EQ(points[0]["rung"], 1);
  EXPECT_EQ(points[2]["rung"], 1);
  EXPECT_TRUE(Contains(run.out, "diverged: the loss is nan")) << run.out;
  EXPECT_TRUE(Contains(run.out, "2 of 4 settings go on, by test_accuracy: 0.01; 0.001")) << run.out;
  // The same with one that is left.
  const Outcome one = Run("one", {words[0], words[1], words[2], words[3],
                                  "sweep={grid: {optimizer.lr: [1e30, 1e32, 1e31, 0.001]}, "
                                  "halving: {factor: 2, epochs: 1}}"});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_TRUE(Contains(one.out, "1 of 4 settings goes on, by test_accuracy: 0.001\n")) << one.out;
  const Outcome none = Run("none", {words[0], words[1], words[2], words[3],
                                    "sweep={grid: {optimizer.lr: [1e30, 1e31]}, "
                                    "halving: {factor: 2, epochs: 1}}"});
  EXPECT_EQ(none.code, 3) << none.out << none.err;
  EXPECT_TRUE(Contains(none.out, "0 of 2 settings go on, by train_loss: all diverged")) << none.out;
}

// Batches of all rows, whatever their size: the settings are the same.
TEST_F(Halving, OfEqualSettingsTheFirstGoOn) {
  const Outcome run = Run("o", {"sweep={grid: {train.batch_size: [500, 300, 400, 600]}, "
                                "halving: {factor: 2, epochs: 1}}"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "2 of 4 settings go on, by test_accuracy: 500; 300\n")) << run.out;
  EXPECT_TRUE(Contains(run.out, "1 of 2 settings goes on, by test_accuracy: 500\n")) << run.out;
}

TEST_F(Halving, AnyMetricOfTheRungsRanks) {
  const Outcome run = Run(
      "o", {"sweep.halving.metric=train_loss", "sweep.halving.epochs=0.5", "--sort", "test_loss",
            "sweep.random={optimizer.eps: {from: 1e-9, to: 1e-7}}", "sweep.samples=2"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "4 of 8 settings go on, by train_loss: ")) << run.out;
}

TEST_F(Halving, AGridThatWasTrainedIsUsedAtItsEpochs) {
  ASSERT_EQ(Run("o", {"sweep.halving=null"}).code, 0);
  const Outcome run = Run("o", {"sweep.halving.epochs=1"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "0 of 4 runs are left to do here")) << run.out;
  const Outcome within = Run("o");
  EXPECT_EQ(within.code, 2);
  EXPECT_TRUE(
      Contains(within.err, "had after 0.3 epochs, which it is beyond; choose another --out"))
      << within.err;
}

TEST_F(Halving, SaysWhatItCannotDo) {
  ExpectRefused({"sweep.halving.factor=1"}, "error: 1 is out of range: must be 2 <= x <= 10000");
  ExpectRefused({"sweep.halving.epochs=4"},
                "the first rung ends after 4 epochs, which is not before");
  ExpectRefused({"sweep={grid: {optimizer.lr: [0.1, 0.2]}, halving: {}}"},
                "halving by 3 needs 3 settings or more, and the sweep has 2");
  ExpectRefused({"sweep={halving: {}}", "--seeds", "3"}, "and the sweep has 1");
  ExpectRefused({"train.max_time=5"}, "sweep.halving ends its rungs by epochs, not by the clock");
  ExpectRefused({"train.epochs=4,8"},
                "halving divides train.epochs, which must be the same for all "
                "settings, and is 4 and 8");
  ExpectRefused({"--shard", "1/2"}, "--shard: error: a halving compares all runs");
  ExpectRefused({"sweep.halving.metric=test_acuracy"},
                "unknown metric \"test_acuracy\"; did you mean \"test_accuracy\"?");
  ExpectRefused({"sweep.halving.metric=validation_loss"},
                "error: sweep.halving.metric is validation_loss, but evaluate.split is test");
  ExpectRefused({"sweep.halving.metric=test_loss", "split={validation_fraction: 0.2}"},
                "error: sweep.halving.metric is test_loss, but evaluate.split is validation");
  // What drops a setting must be one metric of all.
  const std::string losses =
      "sweep={grid: {loss: [mse, half_mse, l1, huber]}, halving: {factor: 2, epochs: 1%s}}";
  const Words numbers = {"dataset=diabetes", "split.test_fraction=0.4",
                         "model=[{name: linear, units: 1}]"};
  const auto with = [&](const std::string& key, Words more) {
    std::string sweep = losses;
    sweep.replace(sweep.find("%s"), 2, key);
    more.insert(more.end(), numbers.begin(), numbers.end());
    more.push_back(sweep);
    return more;
  };
  ExpectRefused(with(", metric: test_loss", {}),
                "the settings differ in loss, so test_loss is not one metric: rank by another");
  ExpectRefused(with("", {"metrics=[]"}),
                "the settings differ in loss, so test_loss is not one metric: rank by another");
  const Outcome ranked = Run("ranked", with("", {}));
  EXPECT_EQ(ranked.code, 0) << ranked.err;
  EXPECT_TRUE(Contains(ranked.out, "go on, by test_rmse: ")) << ranked.out;
  EXPECT_TRUE(Contains(ranked.out, "is not one metric: test_rmse decides\n")) << ranked.out;
  // A file of somebody else in a run's folder.
  ASSERT_EQ(Run("o").code, 0);
  const std::string file = "o/0.01/seed-0/pauses.json";
  const Json sound = Json::parse(program_.Read(file));
  const auto with_key = [&](const char* key, const Json& value) {
    Json changed = sound;
    changed[0][key] = value;
    return changed.dump();
  };
  // Without its metrics the run would count as one that diverged.
  for (const std::string& text :
       {std::string("[{\"epochs\": \"x\"}]"), with_key("metrics", Json::object()),
        with_key("metrics", Json::array()), with_key("metrics", {0.5}), with_key("metrics", 0.5),
        with_key("step", 1), with_key("step", 0)}) {
    program_.Write(file, text);
    const Outcome run = Run("o");
    EXPECT_EQ(run.code, 2) << text;
    EXPECT_TRUE(Contains(run.err, "pauses.json: error: no run wrote this: ")) << text << run.err;
  }
  program_.Write(file, sound.dump());
  EXPECT_EQ(Run("o").code, 0);
}

}  // namespace
}  // namespace nabla
