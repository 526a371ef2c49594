// A run that is asked for again: with more epochs, other keys, other rows, another library.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/record/checkpoint.h"
#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kRows = "0,1.5,2.5\n1,2.5,1.5\n0,1.25,3\n1,3,1\n0,1,2\n1,2,1\n";

// What must survive a pause: batch statistics, random zeros, moments of the optimizer.
std::string Experiment(const std::string& more) {
  return "name: again\n"
         "dataset: {name: csv, train: rows.csv, test: rows.csv}\n"
         "model: [{name: linear, units: 4}, batch_norm, relu, {name: dropout, p: 0.2},"
         " {name: linear, units: 2}]\n"
         "loss: cross_entropy\noptimizer: {name: adam, lr: 0.01}\n" +
         more;
}

class SameRun : public testing::Test {
 protected:
  SameRun() {
    program_.Write("rows.csv", kRows);
    program_.Write("my.yaml", Experiment("train: {batch_size: 2, epochs: 3}\n"));
  }

  std::string Hash(const std::string& folder) { return WeightsHash(program_, folder); }
  std::string BestHash(const std::string& folder) {
    return ReadCheckpointHead(program_.Path(folder + "/best.safetensors")).weights_hash;
  }
  int64_t BestEpochs(const std::string& folder) {
    return ReadCheckpointHead(program_.Path(folder + "/best.safetensors")).epochs;
  }
  std::vector<Json> Epochs(const std::string& folder) { return EpochsIn(program_, folder); }
  void ExpectSameRuns(const std::string& a, const std::string& b) {
    EXPECT_EQ(Hash(a), Hash(b));
    EXPECT_EQ(Epochs(a), Epochs(b));
  }

  Program program_;
};

TEST_F(SameRun, MoreEpochsGoOnAsIfTheyHadBeenAskedForAtOnce) {
  for (const std::string more : {"evaluate.every=1", "evaluate.every=2"}) {
    const std::string name = more.substr(more.size() - 1);
    ASSERT_EQ(program_.Run({"my.yaml", more, "train.epochs=7", "--out", "whole" + name}).code, 0);
    ASSERT_EQ(program_.Run({"my.yaml", more, "--out", "parts" + name}).code, 0);
    const Outcome rest =
        program_.Run({"my.yaml", more, "train.epochs=7", "--resume", "--out", "parts" + name});
    ASSERT_EQ(rest.code, 0) << rest.err;
    EXPECT_TRUE(Contains(rest.out, "training 7 epochs instead of 3")) << rest.out;
    EXPECT_FALSE(Contains(rest.err, "schedule")) << rest.err;
    ExpectSameRuns("whole" + name, "parts" + name);
    const std::string page = program_.Read("parts" + name + "/report.html");
    EXPECT_TRUE(Contains(page, "\"epochs\":[1,2,3,4,5,6,7]"));
  }
}

// The last epoch of the first part is evaluated only since it is the last one.
TEST_F(SameRun, MoreEpochsForgetAnEvaluationOfTheTrainingRows) {
  for (const std::string mean : {"batches", "rows"}) {
    const Words words = {"my.yaml", "train.batch_size=4", "evaluate={split: both, every: 2}",
                         "evaluate.train_loss=" + mean};
    const auto run = [&](const std::string& out, Words more) {
      more.insert(more.begin(), words.begin(), words.end());
      more.insert(more.end(), {"--out", mean + out});
      const Outcome got = program_.Run(more);
      EXPECT_EQ(got.code, 0) << got.err;
    };
    run("whole", {"train.epochs=6"});
    run("parts", {});
    run("parts", {"train.epochs=5", "--resume"});
    run("parts", {"train.epochs=6", "--resume"});
    ExpectSameRuns(mean + "whole", mean + "parts");
  }
}

TEST_F(SameRun, MoreEpochsKeepTheBestCheckpointOfOneRun) {
  program_.Write("iris.yaml",
                 "name: iris\ndataset: {name: iris}\nsplit: {test_fraction: 0.3}\n"
                 "model: [{name: linear, units: 8}, relu, {name: linear, units: 3}]\n"
                 "optimizer: {name: sgd, lr: 1.5}\ntrain: {batch_size: 16, epochs: 3}\n"
                 "evaluate: {split: both, every: 2}\ncheckpoint: {best: test_loss}\n");
  int forgotten = 0;
  for (const std::string seed : {"2", "5", "6"}) {
    const Words words = {"iris.yaml", "seed=" + seed};
    const auto run = [&](const std::string& out, Words more) {
      more.insert(more.begin(), words.begin(), words.end());
      more.insert(more.end(), {"--quiet", "--out", out + seed});
      const Outcome got = program_.Run(more);
      EXPECT_EQ(got.code, 0) << got.err;
    };
    run("whole", {"train.epochs=6"});
    run("short", {});
    run("parts", {});
    EXPECT_EQ(BestHash("parts" + seed), BestHash("short" + seed));
    run("parts", {"train.epochs=6", "--resume"});
    EXPECT_EQ(BestHash("parts" + seed), BestHash("whole" + seed)) << seed;
    EXPECT_EQ(program_.Has("parts" + seed + "/best_due.safetensors"),
              program_.Has("whole" + seed + "/best_due.safetensors"));
    // Where the first part ended with its best, which one run does not even evaluate.
    forgotten += BestEpochs("short" + seed) == 3 && BestEpochs("whole" + seed) == 2 ? 1 : 0;
  }
  EXPECT_GT(forgotten, 0);
}

// Nothing improves by 100. Of epochs 1 to 3, those that are evaluated stall where every epoch is,
// or where the last one is evaluated only since it is the last.
TEST_F(SameRun, MoreEpochsEndWhereOneRunStopsEarly) {
  for (const std::string change : {"evaluate.every=1", "evaluate.every=2"}) {
    const std::string folder = "stops" + change.substr(change.size() - 1);
    const Words words = {"my.yaml", change, "early_stop={patience: 1, min_change: 100}", "--out"};
    const auto run = [&](const std::string& out, const Words& more) {
      Words all = words;
      all.push_back(out);
      all.insert(all.end(), more.begin(), more.end());
      return program_.Run(all);
    };
    ASSERT_EQ(run(folder, {}).code, 0);
    ASSERT_EQ(run("all" + folder, {"train.epochs=9"}).code, 0);
    const Outcome rest = run(folder, {"train.epochs=9", "--resume"});
    ASSERT_EQ(rest.code, 0) << rest.err;
    const bool ended = change == "evaluate.every=1";
    EXPECT_EQ(Contains(rest.out, "early_stop ended this run after epoch 2"), ended) << rest.out;
    EXPECT_EQ(Epochs(folder).size(), ended ? 2u : 4u);
    ExpectSameRuns("all" + folder, folder);
  }
}

// The last epoch before an early stop is evaluated although it is not due, and stays so.
TEST_F(SameRun, MoreEpochsTakeNoEvaluationFromARunThatStoppedEarly) {
  const Words words = {"my.yaml", "early_stop={metric: train_loss, patience: 2, min_change: 9}",
                       "evaluate.every=2", "--out", "o"};
  ASSERT_EQ(program_.Run(words).code, 0);
  const std::vector<Json> before = Epochs("o");
  ASSERT_TRUE(before.at(2).contains("test_loss"));
  Words more = words;
  more.insert(more.end(), {"train.epochs=9", "--resume"});
  ASSERT_EQ(program_.Run(more).code, 0);
  EXPECT_EQ(Epochs("o"), before);
}

TEST_F(SameRun, ASchedulesLengthIsSaid) {
  ASSERT_EQ(program_.Run({"my.yaml", "schedule=cosine", "--out", "o"}).code, 0);
  const Outcome rest =
      program_.Run({"my.yaml", "schedule=cosine", "train.epochs=5", "--resume", "--out", "o"});
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_TRUE(Contains(rest.err, "warning: the schedule depends on the number of epochs"))
      << rest.err;
  // The folder says it too, since its config.yaml alone gives other weights.
  const auto rates = [&] {
    return Json::parse(program_.Read("o/environment.json")).value("earlier_rates", "");
  };
  EXPECT_EQ(rates(), "for 3 epochs until step 9");
  const Outcome again = program_.Run({"rerun", "o", "--out", "again"});
  EXPECT_EQ(again.code, 1);
  EXPECT_TRUE(Contains(again.out, "earlier_rates")) << again.out;
  ASSERT_EQ(
      program_.Run({"my.yaml", "schedule=cosine", "train.epochs=6", "--resume", "--out", "o"}).code,
      0);
  EXPECT_EQ(rates(), "for 3 epochs until step 9, for 5 epochs until step 15");
}

// Runs of a sweep keep a checkpoint only where the experiment asks for it.
TEST_F(SameRun, MoreEpochsForEveryRunOfASweep) {
  for (const std::string keep : {"checkpoint={}", "checkpoint={every_epochs: 3}"}) {
    const std::string out = keep == "checkpoint={}" ? "none" : "kept";
    const auto run = [&](const std::string& folder, const Words& more) {
      Words words = {"my.yaml", keep, "optimizer.lr=0.01,0.1", "--seeds", "2", "--out", folder};
      words.insert(words.end(), more.begin(), more.end());
      return program_.Run(words);
    };
    ASSERT_EQ(run(out, {}).code, 0);
    ASSERT_EQ(run(out + "-whole", {"train.epochs=5"}).code, 0);
    const Outcome unasked = run(out, {"train.epochs=5"});
    EXPECT_EQ(unasked.code, 2);
    EXPECT_TRUE(Contains(unasked.err, "has fewer epochs, to which --resume adds")) << unasked.err;
    const Outcome other = run(out, {"train.epochs=5", "train.batch_size=3", "--resume"});
    EXPECT_EQ(other.code, 2);
    EXPECT_TRUE(Contains(other.err, "has other settings: train.batch_size is 2, now 3"))
        << other.err;
    const Outcome grown = run(out, {"train.epochs=5", "--resume"});
    ASSERT_EQ(grown.code, 0) << grown.err;
    EXPECT_EQ(Contains(grown.out, "4 of 4 runs have no checkpoint and begin anew"), out == "none")
        << grown.out;
    for (const std::string lr : {"0.01", "0.1"}) {
      for (const std::string seed : {"/seed-0", "/seed-1"}) {
        ExpectSameRuns(out + "/" + lr + seed, out + "-whole/" + lr + seed);
      }
    }
    EXPECT_TRUE(Contains(program_.Read(out + "/report.html"), "\"epochs\":[1,2,3,4,5]"));
    // Nothing is left to do, and the table is that of all epochs.
    EXPECT_TRUE(Contains(run(out, {"train.epochs=5"}).out, "0 of 4 runs are left to do here"));
  }
}

TEST_F(SameRun, RatesOfASweepThatGrowsAreSaidOnce) {
  const Words words = {
      "my.yaml", "schedule=cosine", "checkpoint={every_epochs: 3}", "--seeds", "3", "--out", "s"};
  ASSERT_EQ(program_.Run(words).code, 0);
  Words more = words;
  more.insert(more.end(), {"train.epochs=5", "--resume"});
  const Outcome grown = program_.Run(more);
  ASSERT_EQ(grown.code, 0) << grown.err;
  const size_t first = grown.err.find("warning: the schedule depends on the number of epochs");
  ASSERT_NE(first, std::string::npos) << grown.err;
  EXPECT_EQ(grown.err.find("warning: the schedule", first + 1), std::string::npos) << grown.err;
}

TEST_F(SameRun, WhatElseDiffersIsNamedWithBothValues) {
  ASSERT_EQ(program_.Run({"my.yaml", "--out", "o"}).code, 0);
  const std::string before = Hash("o");
  const Outcome other = program_.Run(
      {"my.yaml", "--resume", "--out", "o", "train.batch_size=3", "optimizer.lr=0.5", "seed=4"});
  EXPECT_EQ(other.code, 2) << other.out;
  for (const char* part :
       {"train.batch_size is 2, now 3", "optimizer.lr is 0.01, now 0.5", "seed is 0, now 4"}) {
    EXPECT_TRUE(Contains(other.err, part)) << part << "\n" << other.err;
  }
  const Outcome fewer = program_.Run({"my.yaml", "--resume", "--out", "o", "train.epochs=2"});
  EXPECT_EQ(fewer.code, 2);
  EXPECT_TRUE(Contains(fewer.err, "train.epochs is 3, now 2")) << fewer.err;
  EXPECT_EQ(Hash("o"), before);
}

TEST_F(SameRun, OtherRowsAreRefusedWhereverARunIsUsedAgain) {
  const Words single = {"my.yaml", "--resume", "--out", "o"};
  const Words longer = {"my.yaml", "train.epochs=9", "--resume", "--out", "o"};
  const Words sweep = {"my.yaml", "optimizer.lr=0.1,0.2", "--out", "s"};
  const Words grown = {"my.yaml", "optimizer.lr=0.1,0.2,0.3", "--out", "s"};
  ASSERT_EQ(program_.Run({"my.yaml", "--out", "o"}).code, 0);
  ASSERT_EQ(program_.Run(sweep).code, 0);
  const std::string table = program_.Read("s/sweep.json");
  program_.Write("rows.csv", "0,1.5,2.75" + std::string(kRows).substr(9));
  for (const Words& words : {single, longer, sweep, grown}) {
    const Outcome again = program_.Run(words);
    EXPECT_EQ(again.code, 2) << words.back() << ": " << again.out;
    EXPECT_TRUE(Contains(again.err, "the training rows have changed since this run")) << again.err;
  }
  EXPECT_EQ(program_.Read("s/sweep.json"), table);
  program_.Write("rows.csv", kRows);
  EXPECT_EQ(program_.Run(grown).code, 0);
  EXPECT_EQ(program_.Run(single).code, 0);
}

TEST_F(SameRun, OtherTestRowsAreRefusedToo) {
  program_.Write("test.csv", kRows);
  const Words words = {"my.yaml", "dataset.test=test.csv", "--resume", "--out", "o"};
  ASSERT_EQ(program_.Run(words).code, 0);
  program_.Write("test.csv", "0,1.5,2.75" + std::string(kRows).substr(9));
  const Outcome again = program_.Run(words);
  EXPECT_EQ(again.code, 2) << again.out;
  EXPECT_TRUE(Contains(again.err, "the test rows have changed since this run")) << again.err;
}

// A run that is over is resumed only where its checkpoint is whole.
TEST_F(SameRun, ADamagedCheckpointOfAFinishedRunIsNamed) {
  const auto train = [&](const std::string& out, Words more = {}) {
    more.insert(more.begin(), {"my.yaml", "--out", out});
    return program_.Run(more);
  };
  const Outcome run = train("a");
  ASSERT_EQ(run.code, 0) << run.err;
  const std::string whole = program_.Read("a/checkpoint.safetensors");
  const auto resumed = [&](const std::string& bytes) {
    program_.Write("a/checkpoint.safetensors", bytes);
    return train("a", {"--resume"});
  };
  EXPECT_TRUE(Contains(resumed(whole).out, "nothing to do"));
  std::string flipped = whole;
  flipped[flipped.size() - 3] ^= 1;
  for (const std::string& bytes :
       {std::string(), whole.substr(0, 100), whole.substr(0, whole.size() - 1), flipped}) {
    const Outcome damaged = resumed(bytes);
    EXPECT_EQ(damaged.code, 2) << bytes.size() << damaged.out;
    EXPECT_TRUE(Contains(damaged.err, "a/checkpoint.safetensors: error: ")) << damaged.err;
    EXPECT_TRUE(Contains(damaged.err, "a` trains the run again")) << damaged.err;
  }
  ASSERT_EQ(train("b", {"seed=5"}).code, 0);
  const Outcome other = resumed(program_.Read("b/checkpoint.safetensors"));
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(Contains(other.err, "but summary.json says")) << other.err;
  EXPECT_TRUE(Contains(resumed(whole).out, "nothing to do"));
  std::filesystem::remove(program_.Path("a/checkpoint.safetensors"));
  const Outcome gone = train("a", {"--resume"});
  EXPECT_EQ(gone.code, 0);
  EXPECT_TRUE(Contains(gone.err, "it has no checkpoint.safetensors, and so no model; `rerun "))
      << gone.err;
  // A stopped run's empty checkpoint is no beginning.
  std::string summary = program_.Read("a/summary.json");
  summary.replace(summary.find("\"complete\""), 10, "\"stopped\"");
  program_.Write("a/summary.json", summary);
  const Outcome empty = resumed("");
  EXPECT_EQ(empty.code, 2) << empty.out;
  EXPECT_TRUE(Contains(empty.err,
                       "a/checkpoint.safetensors: error: the file is empty; delete it "
                       "to train the run from its beginning"))
      << empty.err;
}

}  // namespace
}  // namespace nabla
