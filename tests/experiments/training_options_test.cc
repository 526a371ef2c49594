// What a file may say about its training, as a user meets it: alone, resumed, swept, in float64.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

class TrainingOptions : public testing::Test {
 protected:
  TrainingOptions() {
    program_.Write(
        "net.yaml",
        "name: net\ndataset: {name: digits8x8, scale: 16}\n"
        "split: {test_fraction: 0.2, permutation: numpy}\nsubset: {train: 300}\n"
        "model: [{name: linear, units: 8}, batch_norm, relu, {name: linear, units: 10}]\n"
        "optimizer: {name: adam, lr: 0.02, weight_decay: 0.01}\n"
        "train: {epochs: 4, batch_size: 30}\n");
  }

  Outcome Run(const std::string& out, Words more = {}) {
    more.insert(more.begin(), {"net.yaml", "--out", out});
    return program_.Run(more);
  }
  Outcome GoodRun(const std::string& out, const Words& more = {}) {
    Outcome run = Run(out, more);
    EXPECT_EQ(run.code, 0) << run.err;
    return run;
  }
  std::string Refusal(const Words& more) {
    const Outcome run = Run("refused_" + std::to_string(++refused_), more);
    EXPECT_EQ(run.code, 2) << run.out;
    return run.err;
  }
  Json ReadJson(const std::string& file) const { return Json::parse(program_.Read(file)); }
  std::string Hash(const std::string& folder) const { return WeightsHash(program_, folder); }
  std::vector<Json> Epochs(const std::string& folder) const { return EpochsIn(program_, folder); }
  // Trains two epochs, then the others.
  void ExpectResumes(const std::string& name, const Words& how) {
    GoodRun(name + "_whole", how);
    Words first = how;
    first.push_back("train.epochs=2");
    GoodRun(name + "_parts", first);
    Words rest = how;
    rest.push_back("--resume");
    GoodRun(name + "_parts", rest);
    EXPECT_EQ(Hash(name + "_parts"), Hash(name + "_whole")) << name;
    EXPECT_EQ(Epochs(name + "_parts"), Epochs(name + "_whole")) << name;
  }

  Program program_;
  int refused_ = 0;  // runs that were
};

TEST_F(TrainingOptions, BalancedWeightsBecomeNumbers) {
  std::string rows = "x,y,kind\n";
  for (int r = 0; r < 40; ++r) {
    rows += std::to_string(r % 7 * 0.3) + "," + std::to_string(r % 5 * 0.2) + "," +
            (r % 8 == 0 ? "rare" : "common") + "\n";
  }
  program_.Write("a.csv", rows);
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, test: a.csv, target: kind}\n"
                 "model: [{name: linear, units: 2}]\nclass_weights: balanced\n"
                 "optimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 4}\n");
  const Outcome run = GoodRun("a");
  EXPECT_TRUE(Contains(run.out, "class weights: 0.5714, 4 (balanced)")) << run.out;
  EXPECT_TRUE(Contains(program_.Read("a/config.yaml"), "class_weights: balanced"));
  GoodRun("plain", {"class_weights=null"});
  EXPECT_NE(Hash("plain"), Hash("a"));
  const Outcome seen = program_.Run({"evaluate", "a", "a.csv", "--json"});
  ASSERT_EQ(seen.code, 0) << seen.err;
  EXPECT_EQ(Json::parse(seen.out)["loss"], ReadJson("a/summary.json")["test_loss"]);
  EXPECT_EQ(program_.Run({"rerun", "a", "--out", "again"}).code, 0);
  ExpectResumes("weighted", {"dtype=float64"});
  const Outcome swept = program_.Run({"net.yaml", "class_weights=balanced,null", "--seeds", "2",
                                      "--out", "swept", "checkpoint.every_epochs=4"});
  EXPECT_EQ(swept.code, 0) << swept.err;
  const Outcome again = program_.Run({"net.yaml", "class_weights=balanced,null", "--seeds", "2",
                                      "--out", "swept", "checkpoint.every_epochs=4"});
  EXPECT_TRUE(Contains(again.out, "0 of 4 runs are left")) << again.out << again.err;
  // Each fold has other numbers, and is a run of the same setting.
  const Words folds = {"net.yaml", "sweep={folds: 3, seeds: 6, grid: {optimizer.lr: [0.01, 0.1]}}",
                       "dataset={name: csv, train: a.csv, target: kind}", "--out", "folds"};
  ASSERT_EQ(program_.Run(folds).code, 0);
  const Outcome compared = program_.Run({"compare", "folds", "--no-train", "--json"});
  ASSERT_EQ(compared.code, 0) << compared.err;
  EXPECT_EQ(Json::parse(compared.out)["settings"].size(), 2U);
  EXPECT_EQ(ReadJson("folds/sweep.json")["points"].size(), 2U);
  const Outcome reported = program_.Run({"report", "folds", "--json"});
  EXPECT_EQ(Json::parse(reported.out)["groups"].size(), 2U) << reported.out;
  EXPECT_FALSE(Contains(reported.out, "class_weights")) << reported.out;
  for (const Words& many : {Words{"subset.train=1"}, Words{"subset.train=1", "--seeds", "2"}}) {
    const std::string said = Refusal(many);
    EXPECT_TRUE(Contains(said,
                         "net.yaml:4:16: error: class_weights is balanced, but no training row is "
                         "of class common"))
        << said;
  }
}

TEST_F(TrainingOptions, APlateauFollowsTheValidationRows) {
  const Words how = {"split.validation_fraction=0.25",
                     "reduce_on_plateau={patience: 0, threshold: 9, threshold_mode: abs}"};
  GoodRun("a", how);
  EXPECT_TRUE(Contains(program_.Read("a/config.yaml"), "metric: validation_loss"));
  const std::vector<Json> epochs = Epochs("a");
  for (size_t e = 0; e < epochs.size(); ++e) {
    EXPECT_NEAR(epochs[e]["learning_rate"], e < 2 ? 0.02 : 0.02 * std::pow(0.1, double(e - 1)),
                1e-15)
        << e;
  }
  Words decaying = how;
  decaying.insert(decaying.end(), {"schedule={name: exponential, gamma: 0.9}", "dtype=float64",
                                   "evaluate.every=2"});
  ExpectResumes("plateau", how);
  ExpectResumes("both", decaying);
  EXPECT_TRUE(Contains(Refusal({"reduce_on_plateau={}", "evaluate.split=none"}),
                       "reduce_on_plateau.metric is test_loss, but evaluate.split is none"));
}

TEST_F(TrainingOptions, FrozenLayersAreSaid) {
  const Words how = {
      "layer_updates=[{layers: [0, 1], lr_scale: 0}, {layers: [3], weight_decay: 0}]"};
  const Outcome run = GoodRun("a", how);
  EXPECT_TRUE(Contains(run.out, "frozen: model.0, model.1 (536 of 626 parameters)")) << run.out;
  ExpectResumes("frozen", how);
  Words swept = how;
  swept.insert(swept.end(),
               {"layer_updates.0.lr_scale=0,1", "checkpoint.every_epochs=1", "--seeds", "1"});
  GoodRun("swept", swept);
  GoodRun("free", {how[0], "layer_updates.0.lr_scale=1"});
  EXPECT_EQ(Hash("swept/0/seed-0"), Hash("a"));
  EXPECT_EQ(Hash("swept/1/seed-0"), Hash("free"));
  EXPECT_NE(Hash("free"), Hash("a"));
  EXPECT_TRUE(Contains(Refusal({"layer_updates=[{layers: [2], lr_scale: 0}]"}),
                       "layer_updates.0.layers has 2, but model.2 has no parameters to train"));
  EXPECT_TRUE(Contains(Refusal({"layer_updates=[{layers: [0]}]"}),
                       "the entry changes nothing: add lr_scale (0 freezes the layers)"));
  EXPECT_TRUE(Contains(Refusal({"layer_updates=[{layers: [], lr_scale: 0}]"}),
                       "the list is empty: expected positions in model, from 0"));
  const Outcome summary = program_.Run({"summary", "net.yaml", how[0]});
  EXPECT_TRUE(Contains(summary.out, "0 linear (frozen)")) << summary.out << summary.err;
  EXPECT_TRUE(Contains(summary.out, "1 batch_norm (frozen)")) << summary.out;
  EXPECT_FALSE(Contains(summary.out, "2 relu (frozen)")) << summary.out;
  EXPECT_TRUE(Contains(summary.out, "; 536 parameters are frozen\n")) << summary.out;
  EXPECT_TRUE(Contains(program_.Run({"summary", "a"}).out, "0 linear (frozen)"));
  const Json json = Json::parse(program_.Run({"summary", "net.yaml", how[0], "--json"}).out);
  EXPECT_EQ(json.at("layers").at(0).at("frozen"), true);
  EXPECT_FALSE(json.at("layers").at(3).contains("frozen"));
}

// With a rate of 0 a run ends with the weights that it started from.
TEST_F(TrainingOptions, StartsFromARun) {
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: digits8x8, scale: 16}\n"
                 "split: {test_fraction: 0.2, permutation: numpy}\n"
                 "subset: {train: 300}\nmodel: [{name: linear, units: 8}, relu, "
                 "{name: linear, units: 10}]\noptimizer: {name: adam, lr: 0.02}\n"
                 "train: {epochs: 4, batch_size: 30}\n");
  GoodRun("a");
  ASSERT_EQ(program_.Run({"export", "a", "--format", "safetensors", "--out", "m.safetensors"}).code,
            0);
  for (const std::string from : {"a", "a/checkpoint.safetensors", "m.safetensors"}) {
    const std::string out = "from_" + std::to_string(from.size());
    const Outcome run = GoodRun(out, {"init_from=" + from, "optimizer.lr=0", "seed=7"});
    EXPECT_EQ(Hash(out), Hash("a")) << from;
    EXPECT_TRUE(Contains(run.out, "init_from: took 4 of 4 parameters of weights " + Hash("a")))
        << run.out;
    EXPECT_EQ(ReadJson(out + "/environment.json")["init_from"], Hash("a"));
  }
  // float32 numbers are float64 numbers too.
  GoodRun("wide", {"init_from=a", "optimizer.lr=0", "dtype=float64"});
  GoodRun("narrow", {"init_from=wide", "optimizer.lr=0"});
  EXPECT_EQ(Hash("narrow"), Hash("a"));
  EXPECT_NE(Hash("wide"), Hash("a"));
  ExpectResumes("started", {"init_from=a"});
  const Outcome swept = program_.Run({"net.yaml", "init_from=a,m.safetensors", "optimizer.lr=0",
                                      "--seeds", "2", "--out", "swept"});
  EXPECT_EQ(swept.code, 0) << swept.err;
  for (const std::string run : {"a/seed-0", "a/seed-1", "m.safetensors/seed-1"}) {
    EXPECT_EQ(Hash("swept/" + run), Hash("a")) << run;
  }
}

TEST_F(TrainingOptions, SaysWhatItDidNotTake) {
  GoodRun("a");
  const Words deeper = {"init_from=a", "model.3.units=5",
                        "model=[{name: linear, units: 8}, batch_norm, relu, {name: linear, units: "
                        "5}, {name: linear, units: 10, bias: false}]"};
  const Outcome run = GoodRun("b", deeper);
  EXPECT_TRUE(Contains(run.err, "warning: init_from: ")) << run.err;
  EXPECT_TRUE(Contains(run.err, "not taken: 3.weight is [8, 10] there and [8, 5] here")) << run.err;
  EXPECT_TRUE(Contains(ReadJson("b/environment.json")["initial_weights"].get<std::string>(),
                       "4.weight is not there"));
  Words many = deeper;
  many.insert(many.end(), {"--seeds", "2"});
  EXPECT_TRUE(Contains(GoodRun("many", many).err, "warning: init_from: took 6 of 9"));

  const auto refused = [&](const std::string& from, const std::string& message) {
    for (const Words& how :
         {Words{"init_from=" + from}, Words{"init_from=" + from, "--seeds", "2"}}) {
      const std::string said = Refusal(how);
      EXPECT_TRUE(Contains(said, "command line: init_from=" + from + ": error: init_from is " +
                                     from + ": " + message))
          << said;
    }
  };
  refused("nowhere", "no such run folder or file");
  program_.Write("text.safetensors", "no model");
  refused("text.safetensors", "");
  std::string damaged = program_.Read("a/checkpoint.safetensors");
  damaged[damaged.size() - 100] ^= 1;
  program_.Write("damaged.safetensors", damaged);
  refused("damaged.safetensors", "damaged: its checksum does not match its contents");
  GoodRun("other", {"model=[{name: linear, units: 10, bias: false}]"});
  refused("other", "none of its parameters fits this model");
}

// The same file name with other weights is another experiment.
TEST_F(TrainingOptions, KnowsThatTheWeightsChanged) {
  GoodRun("a");
  GoodRun("b", {"init_from=a", "train.epochs=2"});
  GoodRun("second", {"seed=1"});
  program_.Write("a/checkpoint.safetensors", program_.Read("second/checkpoint.safetensors"));
  const std::string changed = "the weights of init_from have changed since this run";
  for (const std::string epochs : {"2", "4"}) {
    const Outcome run = Run("b", {"init_from=a", "train.epochs=" + epochs, "--resume"});
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_TRUE(Contains(run.err, changed)) << run.err;
  }
  const Outcome again = program_.Run({"rerun", "b", "--out", "again"});
  EXPECT_EQ(again.code, 1);
  EXPECT_TRUE(Contains(again.out, "init_from")) << again.out;
  EXPECT_TRUE(
      Contains(Run("b", {"train.epochs=4", "--resume"}).err, "init_from is a, now not set"));
}

// No time at all is time for one epoch.
TEST_F(TrainingOptions, EndsWhenItsTimeIsOver) {
  for (const std::string more : {"split.validation_fraction=0.25", "evaluate.every=3"}) {
    const std::string folder = "timed_" + more.substr(0, 5);
    GoodRun(folder + "_whole", {more});
    const Outcome first = GoodRun(folder, {more, "train.max_time=0"});
    EXPECT_TRUE(Contains(first.out, "train.max_time is over after epoch 1 of 4")) << first.out;
    EXPECT_TRUE(Contains(first.out, "--resume --out")) << first.out;
    EXPECT_EQ(ReadJson(folder + "/summary.json")["status"], "stopped");
    EXPECT_TRUE(Epochs(folder)[0].contains("test_loss"));
    GoodRun(folder, {more, "train.max_time=0", "--resume"});
    EXPECT_EQ(Epochs(folder).size(), 2u);
    EXPECT_FALSE(Epochs(folder)[0].contains("test_loss"));
    GoodRun(folder, {more, "train.max_time=1000", "--resume"});
    EXPECT_EQ(Hash(folder), Hash(folder + "_whole"));
    EXPECT_EQ(Epochs(folder), Epochs(folder + "_whole"));
    EXPECT_EQ(ReadJson(folder + "/summary.json")["status"], "complete");
  }
}

// Whole runs are judged, and a run that was resumed to its end is run again to its end.
TEST_F(TrainingOptions, VerdictsAndRerunsTakeTheTimeThatTheyNeed) {
  program_.Write("net.yaml", kSmallExperiment);
  const Outcome judged =
      program_.Run({"reproduce", "net.yaml", "train.max_time=0", "--seeds", "5", "--out", "r",
                    "reference=[{metric: train_loss, epochs: [1, 2], printed: [2.2, 2.1]}]"});
  EXPECT_FALSE(Contains(judged.out, "lack a value")) << judged.out;
  for (const Words& more : {Words{}, Words{"--resume"}}) {
    Words words = {"net.yaml", "--out", "o", "--quiet", "train.max_time=0"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(program_.Run(words).code, 0);
  }
  const Outcome again = program_.Run({"rerun", "o"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(Contains(again.out, "\nbit-identical")) << again.out;
  const Outcome rate =
      program_.Run({"find-lr", "net.yaml", "--steps", "20", "reduce_on_plateau={patience: 2}",
                    "early_stop={patience: 2}", "checkpoint.best=test_loss"});
  EXPECT_EQ(rate.code, 0) << rate.err;
}

TEST_F(TrainingOptions, EveryRunOfASweepHasItsTime) {
  const Words words = {"net.yaml", "train.max_time=0", "optimizer.lr=0.01,0.02", "--out", "swept"};
  for (int call = 1; call <= 4; ++call) {
    const Outcome run = program_.Run(words);
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_TRUE(Contains(run.out, "wrote ")) << run.out;
  }
  const Outcome last = program_.Run(words);
  EXPECT_TRUE(Contains(last.out, "0 of 2 runs are left")) << last.out;
}

// One batch through everything, and nothing is left of it.
TEST_F(TrainingOptions, TriesAnExperiment) {
  for (const std::string more :
       {"seed=0", "dtype=float64", "split.validation_fraction=0.25", "class_weights=balanced",
        "evaluate.split=both", "train.batch_size=100000"}) {
    const Outcome run = program_.Run({"net.yaml", "--try", more});
    EXPECT_EQ(run.code, 0) << run.err;
    const std::string rows = more.ends_with("100000") ? "300" : "30";
    EXPECT_TRUE(Contains(run.out, "tried net: a batch of " + rows + " rows trained, ")) << run.out;
    EXPECT_FALSE(program_.Has("runs"));
  }
  EXPECT_EQ(program_.Run({"net.yaml", "--try", "optimizer={name: sgd, lr: 1e300}"}).code, 3);
  const auto refused = [&](const Words& more, int code, const std::string& message) {
    Words words = {"net.yaml", "--try"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome run = program_.Run(words);
    EXPECT_EQ(run.code, code) << run.out;
    EXPECT_TRUE(Contains(run.err, message)) << run.err;
  };
  refused({"--seeds", "2"}, 2, "--try takes one setting and one seed");
  refused({"optimizer.lr=0.1,0.2"}, 2, "--try takes one setting and one seed");
  refused({"--out", "o"}, 2, "--try keeps nothing, so it takes no --out");
  refused({"class_weights=[1]"}, 2, "class_weights has 1 weight, but the rows have 10 classes");
  program_.environment["TMPDIR"] = program_.Path("nowhere");
  refused({}, 1, "--try cannot make a folder");
}

}  // namespace
}  // namespace nabla
