// `run sweep`: every setting of a grid, several seeds each.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kExperiment = R"(name: tiny
dataset: {name: synthetic_digits, train: 300, test: 100}
model: [{name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20, epochs: 2}
)";

TEST(Sweep, OtherLossesAreNotRanked) {
  Program program;
  program.Write("n.yaml",
                "name: numbers\ndataset: diabetes\nsplit: {test_fraction: 0.4}\n"
                "model: [{name: linear, units: 1}]\noptimizer: {name: adam, lr: 0.01}\n"
                "train: {batch_size: 64, epochs: 1}\n");
  const auto swept = [&](const Words& more) {
    Words words = {"n.yaml", "loss=mse,half_mse", "--seeds", "6"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome run = program.Run(words);
    EXPECT_EQ(run.code, 0) << run.err;
    return run.out;
  };
  const std::string usual = swept({"--out", "o"});
  EXPECT_TRUE(Contains(usual, "so test_loss is not one metric: test_rmse decides\n")) << usual;
  const std::string only = swept({"metrics=[]", "--out", "only"});
  EXPECT_TRUE(Contains(only, "its order does not say which is better\n")) << only;
  EXPECT_FALSE(Contains(only, "≈")) << only;
  EXPECT_FALSE(Contains(only, "come from: ")) << only;
  const Outcome reported = program.Run({"report", "only"});
  EXPECT_TRUE(Contains(reported.out, "in order by test_loss\n")) << reported.out;
  EXPECT_TRUE(Contains(reported.out, "its order does not say which is better\n")) << reported.out;
  const std::string asked = swept({"--sort", "test_loss", "--out", "asked"});
  EXPECT_TRUE(Contains(asked, "its order does not say which is better\n")) << asked;
  const std::string page = program.Read("o/report.html");
  EXPECT_TRUE(Contains(page, "Best first by test rmse; mean")) << page.substr(0, 3000);
  EXPECT_TRUE(Contains(page, "\"ranking\":\"test_rmse\""));
  EXPECT_FALSE(Contains(page, "\"importance\":{\"train_loss\""));
  EXPECT_TRUE(Contains(page, "\"apart\":[\"train_loss\",\"test_loss\"]"));
}

TEST(Sweep, RunsAreThoseOfTheSettingAlone) {
  Program program;
  program.Write("alone.yaml", kExperiment);
  program.Write("tiny.yaml",
                kExperiment + std::string("sweep: {seeds: 2, grid: {optimizer.lr: [0.1, 0.5]}}\n"));
  ASSERT_EQ(program.Run({"alone.yaml", "optimizer.lr=0.5", "--seed", "1", "--out", "a"}).code, 0);
  // A file with a sweep is swept, with or without the command.
  for (const Words& words :
       {Words{"tiny.yaml", "--out", "s"}, Words{"sweep", "tiny.yaml", "--out", "t"}}) {
    const Outcome swept = program.Run(words);
    ASSERT_EQ(swept.code, 0) << swept.err;
    EXPECT_TRUE(Contains(swept.out, "2 settings, 2 seeds each")) << swept.out;
    const Json json = Json::parse(program.Read(words.back() + "/sweep.json"));
    ASSERT_EQ(json["points"].size(), 2u);
    EXPECT_EQ(json["points"][1]["label"], "0.5");
    const Json& run = json["points"][1]["runs"][1];
    EXPECT_EQ(run["seed"], 1);
    std::istringstream lines(program.Read("a/metrics.jsonl"));
    std::string line;
    for (size_t epoch = 0; std::getline(lines, line); ++epoch) {
      EXPECT_EQ(run["train_loss"][epoch], Json::parse(line)["train_loss"]);
      EXPECT_EQ(run["test_accuracy"][epoch], Json::parse(line)["test_accuracy"]);
    }
  }
  EXPECT_TRUE(program.Has("s/sweep.csv"));
}

// Plugins, lists and what is drawn are values like any other; what fails has a line too.
TEST(Sweep, SettingsAreColumns) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const Outcome swept =
      program.Run({"tiny.yaml", "optimizer=sgd,{name: adam, lr: 0.1, betas: [0.8, 0.9]}",
                   "train.shuffle=true,false", "sweep.seeds=2", "train.epochs=1", "--out", "s"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_TRUE(Contains(swept.out, "differences of rank by ")) << swept.out;
  const std::string csv = program.Read("s/sweep.csv");
  EXPECT_TRUE(csv.starts_with("point,optimizer,train.shuffle,seed,status,epoch,train_loss")) << csv;
  EXPECT_TRUE(Contains(csv, ",\"adam lr=0.1 betas=[0.8, 0.9]\",false,1,complete,1,")) << csv;
  const Json json = Json::parse(program.Read("s/sweep.json"));
  EXPECT_EQ(json["keys"], Json({"optimizer", "train.shuffle"}));
  EXPECT_EQ(json["points"][0]["settings"], Json({{"optimizer", "sgd"}, {"train.shuffle", true}}));
  EXPECT_EQ(json["points"][3]["settings"]["optimizer"]["betas"], Json({0.8, 0.9}));
  EXPECT_EQ(json["points"][3]["runs"][1]["status"], "complete");
  const std::string page = program.Read("s/report.html");
  EXPECT_TRUE(Contains(page, "\"keys\":[\"train.shuffle\",\"optimizer\"]") ||
              Contains(page, "\"keys\":[\"optimizer\",\"train.shuffle\"]"));
  EXPECT_TRUE(Contains(page, "optimizer=adam, train.shuffle=false, seed 1"));
  const Json report = Json::parse(program.Run({"report", "s", "--json"}).out);
  EXPECT_EQ(report["groups"].size(), 4u);
  EXPECT_EQ(report["groups"][0]["settings"].size(), 2u) << report.dump(1);
  EXPECT_EQ(report["importance"]["test_accuracy"]["keys"].size(), 2u) << report.dump(1);
}

// Layers as values, which are named in one line.
TEST(Sweep, ListsAreNamedInOneLine) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const Outcome swept = program.Run(
      {"tiny.yaml",
       "model=[{name: linear, units: 10}],[{name: linear, units: 4}, relu, {name: linear, units: "
       "10}]",
       "train.epochs=1", "--out", "s"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_TRUE(Contains(swept.out, "\n[linear units=4, relu, linear units=10] ")) << swept.out;
  const std::string csv = program.Read("s/sweep.csv");
  EXPECT_TRUE(csv.starts_with("point,model,seed,")) << csv;
  EXPECT_TRUE(Contains(csv, ",\"[linear units=4, relu, linear units=10]\",0,complete,1,")) << csv;
  EXPECT_TRUE(Contains(program.Read("s/report.html"), "\"keys\":[\"model\"]"));
}

// One worker has the longest run, the other one does the rest meanwhile.
TEST(Sweep, LongerRunsBeginFirst) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const Outcome run = program.Run(
      {"tiny.yaml", "train.epochs=1,3,1000,2", "--threads", "2", "--out", "o", "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
  const auto begun = [&program](const std::string& epochs) {
    return std::filesystem::last_write_time(program.Path("o/" + epochs + "/seed-0/config.yaml"));
  };
  EXPECT_LT(begun("1000"), begun("2"));
  EXPECT_LT(begun("3"), begun("2"));
  EXPECT_LT(begun("2"), begun("1"));
}

TEST(Sweep, AFileWithoutAGridIsAMistake) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const Outcome swept = program.Run({"sweep", "tiny.yaml", "--seeds", "3"});
  EXPECT_EQ(swept.code, 2);
  EXPECT_TRUE(Contains(swept.err, "tiny.yaml:1:1: error: a sweep needs `sweep: {grid:"))
      << swept.err;
  EXPECT_FALSE(program.Has("runs"));
}

TEST(Sweep, SaysHowManyDrawsRepeat) {
  Program program;
  program.Write("tiny.yaml", std::string(kExperiment) +
                                 "sweep: {samples: 9, random: {optimizer.lr: [0.1, 0.2]}}\n");
  const Outcome outcome = program.Run({"tiny.yaml", "--threads", "1"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "tiny: 2 settings, 1 seed each")) << outcome.out;
  EXPECT_TRUE(
      Contains(outcome.out, "note: 7 of 9 random draws repeated a setting and are left out"))
      << outcome.out;
}

TEST(Sweep, SeedsAndDivergence) {
  Program program;
  program.Write("tiny.yaml",
                kExperiment + std::string("sweep: {grid: {optimizer.lr: [0.1, 1e30]}}\n"));
  const Outcome swept =
      program.Run({"sweep", "tiny.yaml", "--seeds", "3", "--out", "s", "loss=half_mse"});
  EXPECT_EQ(swept.code, 0) << swept.err;
  const Json json = Json::parse(program.Read("s/sweep.json"));
  EXPECT_EQ(json["points"][0]["runs"].size(), 3u);
  EXPECT_TRUE(json["points"][1]["runs"][0].contains("failure")) << json.dump(1);
  EXPECT_EQ(json["points"][1]["runs"][0]["status"], "diverged");
  EXPECT_TRUE(Contains(program.Read("s/sweep.csv"), "\n\"1e30\",1e30,0,diverged,"))
      << program.Read("s/sweep.csv");
}

TEST(Sweep, WhereAllDivergeTheExitCodeSaysSo) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const Outcome swept =
      program.Run({"tiny.yaml", "optimizer.lr=1e30,1e31", "--out", "s", "loss=half_mse"});
  EXPECT_EQ(swept.code, 3) << swept.out << swept.err;
  EXPECT_TRUE(Contains(swept.out, "diverged: the loss is nan in")) << swept.out;
}

// The metrics of a folder's finished runs are those of a sweep in one go.
TEST(Sweep, ShardsTogetherAreTheWholeAndNothingIsRunTwice) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const Words words = {"tiny.yaml", "optimizer.lr=0.1,0.5", "dtype=float32,float64"};
  const auto with = [&words](Words more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  ASSERT_EQ(program.Run(with({"--seeds", "4,7", "--out", "whole"})).code, 0);
  const Outcome first = program.Run(with({"--seeds", "4,7", "--out", "s", "--shard", "1/3"}));
  EXPECT_TRUE(Contains(first.out, "3 of 8 runs are left to do here")) << first.out;
  EXPECT_TRUE(Contains(first.out, "5 runs are missing")) << first.out;
  ASSERT_EQ(program.Run(with({"--seeds", "4,7", "--out", "s", "--shard", "2/3"})).code, 0);
  const std::string folder = "s/optimizer.lr=0.1_dtype=float64/seed-4/";
  ASSERT_FALSE(program.Has(folder + "summary.json"));
  ASSERT_EQ(program.Run(with({"--seeds", "4,7", "--out", "s", "--shard", "3/3"})).code, 0);
  EXPECT_EQ(program.Read("s/sweep.json"), program.Read("whole/sweep.json"));
  EXPECT_EQ(Json::parse(program.Read(folder + "summary.json"))["dtype"], "float64");
  const std::string before = program.Read(folder + "summary.json");  // with its seconds
  const Outcome again = program.Run(with({"--seeds", "4,7", "--out", "s"}));
  EXPECT_TRUE(Contains(again.out, "0 of 8 runs are left to do here")) << again.out;
  EXPECT_EQ(program.Read(folder + "summary.json"), before);
  // Another experiment never takes those metrics for its own.
  const Outcome other = program.Run(with({"--seeds", "4,7", "--out", "s", "train.epochs=3"}));
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(Contains(other.err, "has fewer epochs")) << other.err;
}

// Processes that share a folder share the work, and each ends with all of the results.
TEST(Sweep, ProcessesDivideTheRuns) {
  Program whole;
  whole.Write("tiny.yaml", kExperiment);
  ASSERT_EQ(whole.Run({"tiny.yaml", "--seeds", "24", "--out", "o"}).code, 0);
  Program first;
  Program second;
  Program third;
  const std::string out = first.Path("shared");
  for (Program* program : {&first, &second, &third}) {
    program->Write("tiny.yaml", kExperiment);
    program->Start({"tiny.yaml", "--seeds", "24", "--out", out, "--threads", "1"});
  }
  second.Signal(SIGKILL);
  EXPECT_EQ(second.Finish().code, 128 + SIGKILL);
  for (Program* program : {&first, &third}) {
    const Outcome outcome = program->Finish();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_FALSE(Contains(outcome.out, "missing")) << outcome.out;
  }
  EXPECT_EQ(first.Read("shared/sweep.json"), whole.Read("o/sweep.json"));
}

TEST(Sweep, RanksShareAFolderAndTheFirstSpeaks) {
#ifdef NABLA_MPI
  GTEST_SKIP() << "a program with MPI asks MPI; tests/mpi/many_runs_test.sh sees to that";
#endif
  Program program;
  program.Write("tiny.yaml", kExperiment);
  program.environment["OMPI_COMM_WORLD_SIZE"] = "2";
  program.environment["OMPI_COMM_WORLD_RANK"] = "1";
  EXPECT_TRUE(Contains(program.Run({"tiny.yaml", "--seeds", "2"}).err, "they need --out"));
  EXPECT_TRUE(Contains(program.Run({"tiny.yaml", "--out", "o"}).err, "give --seeds or a sweep"));
  const Outcome second = program.Run({"tiny.yaml", "--seeds", "2", "--out", "o"});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(second.out, "");
  program.environment["OMPI_COMM_WORLD_RANK"] = "0";
  const Outcome first = program.Run({"tiny.yaml", "--seeds", "2", "--out", "o"});
  EXPECT_TRUE(Contains(first.out, "0 of 2 runs are left to do here")) << first.out;
}

TEST(Sweep, SeedsOfTheCommandLine) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const auto expect = [&program](const Words& more, const std::string& message) {
    Words words = {"tiny.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = program.Run(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(Contains(outcome.err, message)) << outcome.err;
  };
  expect({"--seeds", "0"}, "--seeds: error: expected a count");
  expect({"--seeds", "1,x"}, "\"x\" is not a seed");
  expect({"--seeds", "1,1"}, "seed 1 is listed twice");
  expect({"--seeds", "5..2"}, "5..2 is not a range of");
  expect({"--seeds", "2", "--shard", "0/2"}, "--shard: error: expected i/n");
  expect({"--shard", "1/2"}, "--shard splits many runs");
  ASSERT_EQ(program.Run({"tiny.yaml", "--seeds", "2..4", "--out", "o"}).code, 0);
  for (const char* seed : {"2", "3", "4"}) {
    EXPECT_TRUE(program.Has(std::string("o/seed-") + seed + "/summary.json"));
  }
}

TEST(Sweep, SeedsStayBelowTheirBound) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const Words cases[] = {{"tiny.yaml", "seed=4294967295", "--seeds", "2"},
                         {"tiny.yaml", "seed=0,4294967295", "--seeds", "2"},
                         {"tiny.yaml", "sweep={seeds: 3}", "seed=4294967294"},
                         {"sweep", "tiny.yaml", "sweep={grid: {seed: [4294967295]}, seeds: 2}"}};
  for (const Words& words : cases) {
    const Outcome run = program.Run(words);
    EXPECT_EQ(run.code, 2) << words.back();
    EXPECT_TRUE(Contains(run.err, "command line: ")) << run.err;
    EXPECT_TRUE(Contains(run.err, "pass the largest one, 4294967295")) << run.err;
  }
  EXPECT_FALSE(program.Has("runs"));
  EXPECT_EQ(program.Run({"tiny.yaml", "seed=4294967294", "--seeds", "2", "--out", "o"}).code, 0);
  EXPECT_TRUE(program.Has("o/seed-4294967295/summary.json"));
}

TEST(Sweep, AFolderHoldsOneSweepThatMayGrow) {
  Program program;
  program.Write("tiny.yaml", kExperiment);
  const auto run = [&](const Words& more) {
    Words words = {"tiny.yaml", "--out", "o"};
    words.insert(words.end(), more.begin(), more.end());
    return program.Run(words);
  };
  ASSERT_EQ(run({"optimizer.lr=0.1,0.2"}).code, 0);
  const std::string table = program.Read("o/sweep.json");
  const Outcome other = run({"optimizer.lr=0.3,0.4"});
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(Contains(other.err, "is for other runs: 0.1/seed-0 is none of these")) << other.err;
  const Outcome longer = run({"optimizer.lr=0.1,0.2", "train.epochs=3"});
  EXPECT_EQ(longer.code, 2);
  EXPECT_TRUE(Contains(longer.err, "0.1/seed-0 has fewer epochs")) << longer.err;
  EXPECT_EQ(run({}).code, 2);
  EXPECT_EQ(program.Read("o/sweep.json"), table);
  ASSERT_EQ(run({"optimizer.lr=0.1,0.2,0.3", "--seeds", "2"}).code, 0);
  EXPECT_EQ(Json::parse(program.Read("o/sweep.json"))["points"].size(), 3u);
  // What nobody began binds nobody.
  ASSERT_EQ(program.Run({"tiny.yaml", "model.0.units=3,4", "--out", "wrong"}).code, 2);
  ASSERT_EQ(program.Run({"tiny.yaml", "model.0.units=10", "--seeds", "2", "--out", "wrong"}).code,
            0);
  // Nor is a single run's folder one for many.
  ASSERT_EQ(program.Run({"tiny.yaml", "--out", "single"}).code, 0);
  EXPECT_EQ(program.Run({"tiny.yaml", "--seeds", "2", "--out", "single"}).code, 2);
}

}  // namespace
}  // namespace nabla
