// `run compare`: are settings really different?
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/experiments/compare_case.h"

namespace nabla {
namespace {

class Compare : public CompareCase {
 protected:
  Compare() : CompareCase(2) {}

  void ExpectRefused(const Words& more, const std::string& message) {
    const Outcome outcome = Run(more);
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    EXPECT_TRUE(Contains(outcome.err, message)) << outcome.err;
  }
};

// Characters, not bytes.
size_t Widest(const std::string& text) {
  size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    widest = std::max(widest, columns);
  }
  return widest;
}

TEST_F(Compare, TellsRatesApartAfterTheFirstLook) {
  const Outcome run = Run({"iris.yaml", "lr=0.001,0.05", "--metric", "train_loss", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "train_loss, smaller is better")) << run.out;
  EXPECT_TRUE(Contains(run.out, "0.05 against 0.001: better\n  ahead by ")) << run.out;
  EXPECT_TRUE(Contains(run.out, "in 8 of 8 pairs, p = 0.016\n")) << run.out;
  EXPECT_TRUE(Contains(run.out, "█")) << run.out;
  const std::string answer = run.out.substr(run.out.find("train_loss, smaller"));
  EXPECT_LE(Widest(answer.substr(0, answer.find("wrote "))), 80u) << answer;
  EXPECT_TRUE(program_.Has("o/0.05/seed-7/summary.json"));
  EXPECT_FALSE(program_.Has("o/0.05/seed-8/summary.json"));
  // The pairs are those of single runs.
  const Json json = Json::parse(program_.Read("o/comparison.json"));
  ASSERT_EQ(program_.Run({"iris.yaml", "lr=0.05", "--seed", "3", "--out", "one"}).code, 0);
  const Json one = Json::parse(program_.Read("one/summary.json"));
  EXPECT_EQ(json["settings"][1]["runs"][3]["value"], one["train_loss"]);
  const Json& pair = json["comparisons"][0];
  EXPECT_EQ(pair["word"], "better");
  EXPECT_EQ(pair["better"], "0.05");
  EXPECT_EQ(pair["b_ahead"], 8);
  EXPECT_DOUBLE_EQ(pair["p"], 1.0 / 128);
  EXPECT_LT(pair["interval"][1], 0);
}

TEST_F(Compare, WhatIsEqualIsNotToldApart) {
  // A limit that no gradient reaches changes no bit.
  const Json json = Result({"iris.yaml", "train.clip_value=0,1e9", "--seeds", "16"});
  const Json& pair = json["comparisons"][0];
  EXPECT_EQ(pair["word"], "cannot be told apart yet");
  EXPECT_EQ(pair["pairs"], 16);
  EXPECT_EQ(pair["p"], 1);
  EXPECT_EQ(json["looks"], (Json{8, 16}));
  EXPECT_FALSE(pair.contains("to_decide"));
  EXPECT_EQ(json["ended"], "all 16 seeds are used (--seeds)");
}

// Long labels get letters.
TEST_F(Compare, SaysHowManySeedsWouldDecide) {
  const Words words = {"iris.yaml",
                       "model.0.weight={name: normal, std: 0.500000000000000},xavier_normal",
                       "--seeds", "8", "--difference"};
  const auto with = [&](const std::string& difference) {
    Words more = words;
    more.push_back(difference);
    return more;
  };
  const Json large = Result(with("0.2"));
  const Json small = Result(with("0.02"));
  const Json& needed = large["comparisons"][0]["to_decide"];
  EXPECT_EQ(needed["difference"], 0.2);
  EXPECT_GT(small["comparisons"][0]["to_decide"]["seeds"], needed["seeds"]);
  const Outcome text = Run(with("0.02"));
  EXPECT_TRUE(Contains(text.out, "A: normal std=0.500000000000000\n")) << text.out;
  EXPECT_TRUE(Contains(text.out, " seeds would decide a difference of 0.02\n")) << text.out;
  EXPECT_TRUE(Contains(text.out, "cannot be told apart yet: A, B\n")) << text.out;
}

TEST_F(Compare, ThreadsChangeNothing) {
  for (const char* threads : {"1", "3"}) {
    const Words words = {"iris.yaml",
                         "lr=0.04,0.05,0.06",
                         "dtype=float64",
                         "--seeds",
                         "8",
                         "--threads",
                         threads,
                         "--out",
                         std::string("o") + threads,
                         "--quiet"};
    ASSERT_EQ(Run(words).code, 0);
  }
  EXPECT_EQ(program_.Read("o1/comparison.json"), program_.Read("o3/comparison.json"));
}

// A second call repeats no run; a larger --seeds looks again at what there was, and then on.
TEST_F(Compare, GoesOnInItsFolder) {
  const Words words = {"iris.yaml", "lr=0.05,0.0501", "--out", "o", "--seeds"};
  const auto with = [&](const std::string& seeds) {
    Words more = words;
    more.push_back(seeds);
    return Result(more);
  };
  const Json first = with("11");
  EXPECT_EQ(first["looks"], (Json{8, 11}));
  const std::string summary = program_.Read("o/0.05/seed-10/summary.json");  // with its seconds
  EXPECT_EQ(with("11"), first);
  EXPECT_EQ(program_.Read("o/0.05/seed-10/summary.json"), summary);
  const Json more = with("16");
  EXPECT_EQ(more["looks"], (Json{8, 11, 16}));
  EXPECT_EQ(more["comparisons"][0]["pairs"], 16);
  program_.Write("o/comparison.json", "[]");
  Words again = words;
  again.emplace_back("16");
  ExpectRefused(again, "comparison.json: error: no comparison wrote this");
}

TEST_F(Compare, TakesFinishedSweepsAndAddsSeeds) {
  program_.Write("sweep.yaml", iris_ + "sweep: {seeds: 10, grid: {optimizer.lr: [0.001, 0.05]}}\n");
  ASSERT_EQ(program_.Run({"sweep.yaml", "--out", "s", "--quiet"}).code, 0);
  // Nothing is trained, and nothing is written.
  const Json known = Result({"s", "--no-train", "--metric", "train_loss"});
  EXPECT_EQ(known["comparisons"][0]["pairs"], 10);
  EXPECT_EQ(known["comparisons"][0]["better"], "0.05");
  EXPECT_DOUBLE_EQ(known["comparisons"][0]["p_corrected"], 1.0 / 512);  // a single look
  EXPECT_FALSE(program_.Has("runs"));
  // Two inputs: labels say which.
  ASSERT_EQ(program_.Run({"iris.yaml", "lr=0.02", "--seeds", "4", "--out", "t", "--quiet"}).code,
            0);
  const Json both = Result({"s", "t", "--seeds", "10", "--metric", "train_loss", "--out", "o"});
  EXPECT_EQ(both["settings"][0]["label"], "s/0.001");
  EXPECT_EQ(both["settings"][2]["label"], "t");
  EXPECT_EQ(both["settings"][2]["runs"].size(), 8u);
  EXPECT_TRUE(program_.Has("o/t/seed-7/summary.json"));
  EXPECT_FALSE(program_.Has("o/t/seed-3/summary.json"));  // it is in t
  EXPECT_FALSE(program_.Has("o/s_0.05"));
  // A folder and a file.
  const Json mixed =
      Result({"t", "iris.yaml", "lr=0.03", "--metric", "train_loss", "--seeds", "8"});
  EXPECT_EQ(mixed["comparisons"][0]["better"], "iris");
}

TEST_F(Compare, RunsOfOtherRowsAreRefused) {
  program_.Write("rows.csv", "0,1\n1,2\n0,3\n1,4\n0,5\n1,6\n");
  program_.Write("csv.yaml", R"(name: c
dataset: {name: csv, train: rows.csv, test: rows.csv}
model: [{name: linear, units: 2}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 2, epochs: 1}
)");
  ASSERT_EQ(program_.Run({"csv.yaml", "lr=0.1,0.2", "--seeds", "2", "--out", "s"}).code, 0);
  program_.Write("rows.csv", "0,1\n1,2\n0,3\n1,4\n0,5\n1,7\n");
  ExpectRefused({"s", "--seeds", "8"}, "the training rows have changed since this run");
}

TEST_F(Compare, FoldsAreMeansOfTheirSeed) {
  const std::string folds = "sweep={folds: 3, grid: {optimizer.lr: [0.01, 0.05]}}";
  const Json json = Result({"iris.yaml", "split={}", folds, "--seeds", "8", "--out", "o"});
  EXPECT_TRUE(program_.Has("o/0.01/seed-7-fold-2/summary.json"));
  double sum = 0;
  for (const char* fold : {"0", "1", "2"}) {
    const Json run =
        Json::parse(program_.Read(std::string("o/0.05/seed-4-fold-") + fold + "/summary.json"));
    sum += run["test_accuracy"].get<double>();
  }
  EXPECT_DOUBLE_EQ(json["settings"][1]["runs"][4]["value"], sum / 3);
  EXPECT_EQ(json["comparisons"][0]["pairs"], 8);
  // The same from the folders.
  const Json again = Result({"o", "--no-train"});
  EXPECT_EQ(again["settings"][1]["runs"], json["settings"][1]["runs"]);
}

TEST_F(Compare, ASettingThatDivergesIsWorse) {
  const Words words = {"iris.yaml", "lr=0.05,1e30", "loss=half_mse", "--out", "o"};
  const Outcome run = Run(words);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "8 diverged")) << run.out;
  EXPECT_TRUE(Contains(run.out, "1e30 has no finite number in 8 of them")) << run.out;
  EXPECT_TRUE(Contains(run.out, "0.05 against 1e30: better\n")) << run.out;
  const Json json = Json::parse(program_.Read("o/comparison.json"));
  EXPECT_TRUE(json["settings"][1]["runs"][0]["value"].is_null());
  EXPECT_TRUE(Contains(json["settings"][1]["runs"][0]["failure"], "diverged"));
  EXPECT_TRUE(json["comparisons"][0]["mean_gain"].is_null());
  // If all do, none is better.
  const Outcome both = Run({"iris.yaml", "lr=1e31,1e30", "loss=half_mse", "--seeds", "8"});
  EXPECT_EQ(both.code, 3) << both.err;
  EXPECT_TRUE(Contains(both.out, "cannot be told apart yet")) << both.out;
}

// The first two are the same but for a limit that no gradient reaches.
TEST_F(Compare, BeatenSettingsGetNoMoreSeeds) {
  const std::string iris = iris_;
  program_.Write("limit.yaml", iris.substr(0, iris.rfind('}')) + ", clip_value: 1e9}\n");
  program_.Write("slow.yaml", std::string(iris).replace(iris.find("0.05"), 4, "0.001"));
  const Json json =
      Result({"iris.yaml", "limit.yaml", "slow.yaml", "--metric", "train_loss", "--seeds", "16"});
  EXPECT_EQ(json["settings"][2]["runs"].size(), 8u);
  EXPECT_EQ(json["settings"][2]["beaten"], true);
  EXPECT_EQ(json["settings"][0]["runs"].size(), 16u);
  EXPECT_EQ(json["decided"], false);
  EXPECT_EQ(json["comparisons"].size(), 3u);
}

TEST_F(Compare, TwoFiles) {
  program_.Write("wide.yaml", iris_ + "description: other\n");
  const Words wide = {"iris.yaml", "wide.yaml", "--seeds", "8"};
  ExpectRefused(wide, "iris and wide are the same setting");
  program_.Write("deep.yaml", R"(name: deep
dataset: iris
split: {test_fraction: 0.4, seed: 0}
standardise: true
model: [{name: linear, units: 8}, relu, {name: linear, units: 3}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.05}
train: {batch_size: 15, epochs: 2}
)");
  const Json json = Result({"iris.yaml", "deep.yaml", "epochs=1", "--seeds", "8"});
  EXPECT_TRUE(Contains(json["notes"][0], "different models")) << json;
  EXPECT_EQ(json["settings"][1]["label"], "deep");
  const Json other = Result({"iris.yaml", "subset.train=60,70", "--seeds", "8"});
  EXPECT_TRUE(Contains(other["notes"][0], "different data")) << other;
}

TEST_F(Compare, WhatCannotBeCompared) {
  ExpectRefused({"iris.yaml"}, "compare takes two settings or more");
  ExpectRefused({"iris.yaml", "lr=1,2,3,4,5,6,7,8,9"}, "these are 9 settings");
  ExpectRefused({"iris.yaml", "seed=1,2"}, "1 and 2 are the same setting");
  ExpectRefused(
      {"iris.yaml", "lr=0.1,0.2", "--metric", "test_acuracy"},
      "--metric: error: unknown metric \"test_acuracy\"; did you mean \"test_accuracy\"?");
  ExpectRefused({"iris.yaml", "lr=0.1,0.2", "--metric", "validation_loss", "--seeds", "8"},
                "--metric: error: not all of these settings have validation_loss");
  ExpectRefused({"iris.yaml", "lr=0.1,0.2", "--seeds", "5"}, "needs at least 8 seeds to tell 2");
  ExpectRefused({"iris.yaml", "lr=0.1,0.2", "--seeds", "2000"}, "1000 seeds at most");
  ExpectRefused({"lr=0.1,0.2"}, "compare needs an experiment file or a folder");
  ExpectRefused({"nowhere"}, "no experiment file \"nowhere\"");
  ASSERT_EQ(program_.Run({"iris.yaml", "lr=0.1,0.2", "--out", "s", "--quiet"}).code, 0);
  ExpectRefused({"s", "--no-train"}, "needs at least 6 seeds to tell 2 settings apart, and 1 is");
  ExpectRefused({"s", "epochs=3"}, "a value is for an experiment file");
  std::filesystem::create_directory(program_.Path("empty"));
  ExpectRefused({"empty"}, "no run found");
}

// half_mse is half of mse by its definition, so that no seeds can say which is better.
TEST_F(Compare, OtherLossesAreNoMetric) {
  const std::string numbers =
      "name: numbers\ndataset: diabetes\nsplit: {test_fraction: 0.4}\nstandardise: true\n"
      "standardise_targets: true\nmodel: [{name: linear, units: 1}]\n"
      "optimizer: {name: sgd, lr: 0.01}\ntrain: {batch_size: 64, epochs: 1}\n";
  program_.Write("n.yaml", numbers);
  const Json json = Result({"n.yaml", "loss=mse,half_mse", "--seeds", "8", "--out", "o"});
  EXPECT_EQ(json["metric"], "test_rmse");
  EXPECT_TRUE(json["smaller_is_better"]);
  ASSERT_EQ(json["notes"].size(), 1U) << json;
  EXPECT_EQ(json["notes"][0],
            "note: the settings differ in loss, so test_loss is not one metric: test_rmse decides");
  EXPECT_EQ(Result({"o", "--no-train"})["metric"], "test_rmse");
  const Json units = Result({"n.yaml", "standardise_targets=true,false", "--seeds", "8"});
  EXPECT_EQ(units["metric"], "test_rmse");
  EXPECT_TRUE(Contains(units["notes"].dump(), "differ in standardise_targets")) << units;
  ExpectRefused({"n.yaml", "loss=mse,half_mse", "--metric", "test_loss", "--seeds", "8"},
                "--metric: error: the settings differ in loss, so test_loss is not one metric: ");
  ExpectRefused({"n.yaml", "loss=mse,half_mse", "metrics=[]", "--seeds", "8"},
                "the settings differ in loss, so test_loss is not one metric, and they have no");
  // The losses of a regression and of a classification, both left to the targets.
  ExpectRefused(
      {"n.yaml", "iris.yaml", "--seeds", "8"},
      "the settings differ in loss, standardise_targets and dataset, so test_loss is not");
  const Json same = Result({"n.yaml", "loss=mse", "lr=0.01,0.02", "--seeds", "8"});
  EXPECT_EQ(same["metric"], "test_loss");
  EXPECT_EQ(same["notes"], Json::array());
  const Json other =
      Result({"iris.yaml", "loss=cross_entropy,{name: cross_entropy, label_smoothing: 0.1}",
              "--seeds", "8"});
  EXPECT_EQ(other["metric"], "test_accuracy");
}

TEST_F(Compare, TheBudgetEndsIt) {
  const Outcome none = Run({"iris.yaml", "lr=0.05,0.06", "--budget", "0"});
  EXPECT_EQ(none.code, 0) << none.err;
  EXPECT_TRUE(Contains(none.out, "the budget allows 3 seeds")) << none.out;
  EXPECT_TRUE(Contains(none.out, "the first look is at 8 seeds")) << none.out;
  EXPECT_TRUE(Contains(none.out, "cannot be told apart yet: ")) << none.out;
}

TEST_F(Compare, AnInterruptShowsWhatIsKnown) {
  program_.Start({"compare", "iris.yaml", "lr=0.05,0.0501", "epochs=20000", "evaluate.every=20000",
                  "--threads", "1", "--out", "o"});
  program_.WaitFor("budget: ");
  usleep(700000);
  program_.Signal(SIGINT);
  const Outcome stopped = program_.Finish();
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_TRUE(Contains(stopped.out, "stopped by a signal")) << stopped.out;
  EXPECT_TRUE(Contains(stopped.out, "cannot be told apart yet: 0.05, 0.0501")) << stopped.out;
  EXPECT_TRUE(program_.Has("o/comparison.json"));
}

TEST_F(Compare, SweepsMarkWhatMayBeTheBest) {
  const auto table = [&](const std::string& rates, const char* seeds) {
    return program_
        .Run({"iris.yaml", "lr=" + rates, "--seeds", seeds, "--sort", "train_loss", "--out",
              "s" + std::string(seeds) + rates})
        .out;
  };
  const std::string apart = table("0.001,0.05", "5");
  EXPECT_TRUE(Contains(apart, "≈ the best by train_loss at 95 %")) << apart;
  EXPECT_TRUE(Contains(apart, "0.05 ≈")) << apart;
  EXPECT_FALSE(Contains(apart, "0.001 ≈")) << apart;
  EXPECT_FALSE(Contains(table("0.001,0.05", "4"), "≈"));
  const std::string swept =
      program_.Run({"iris.yaml", "seed=1,2", "--seeds", "5", "--out", "x"}).out;
  EXPECT_FALSE(Contains(swept, "≈")) << swept;
}

}  // namespace
}  // namespace nabla
