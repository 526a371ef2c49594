// `run sweep`: every setting of a grid, several seeds each.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "experiments/sweep_table.h"
#include "framework/spec/sweep_points.h"
#include "plugins/builtin.h"
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

std::vector<SweepPoint> Points(const std::string& sweep) {
  Registry registry;
  RegisterBuiltins(registry);
  return SweepPoints(ParseYaml(kExperiment + sweep, "tiny.yaml"), registry);
}

std::string Errors(const std::string& sweep) {
  try {
    Points(sweep);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(SweepPoints, AreAllCombinationsInOrder) {
  const auto points = Points(R"(
sweep:
  grid:
    optimizer.lr: [0.1, 0.01]
    "model.0.weight, model.0.bias_init": [zeros, {name: scaled_randn, scale: 2}]
)");
  std::vector<std::string> labels;
  for (const SweepPoint& point : points) labels.push_back(point.label);
  EXPECT_EQ(labels,
            (std::vector<std::string>{"optimizer.lr=0.1, model.0.weight=zeros",
                                      "optimizer.lr=0.1, model.0.weight=scaled_randn scale=2",
                                      "optimizer.lr=0.01, model.0.weight=zeros",
                                      "optimizer.lr=0.01, model.0.weight=scaled_randn scale=2"}));
  const Node& layer = points[2].tree.Find("model")->items[0];
  EXPECT_EQ(layer.Find("weight")->text, "zeros");
  EXPECT_EQ(layer.Find("bias_init")->text, "zeros");
  EXPECT_EQ(points[2].tree.Find("optimizer")->Find("lr")->text, "0.01");
  EXPECT_EQ(points[2].tree.Find("sweep"), nullptr);
}

TEST(SweepPoints, RandomDrawsStayInTheirRangesAndFollowTheSeed) {
  const std::string sweep = R"(
sweep:
  samples: 200
  random:
    optimizer.lr: {from: 1e-4, to: 1, scale: log}
    train.batch_size: {from: 2, to: 5}
    "model.0.weight": [zeros, {name: scaled_randn, scale: 2}]
)";
  const auto points = Points(sweep);
  ASSERT_EQ(points.size(), 200u);
  int below_a_hundredth = 0;
  std::map<std::string, int> sizes;
  std::set<std::string> weights;
  for (const SweepPoint& point : points) {
    const double lr = std::stod(point.tree.Find("optimizer")->Find("lr")->text);
    EXPECT_GE(lr, 1e-4);
    EXPECT_LE(lr, 1);
    below_a_hundredth += lr < 1e-2;
    ++sizes[point.tree.Find("train")->Find("batch_size")->text];
    weights.insert(PrintYaml(*point.tree.Find("model")->items[0].Find("weight")));
  }
  EXPECT_NEAR(below_a_hundredth, 100, 30);  // half of the decades, 4 standard deviations
  ASSERT_EQ(sizes.size(), 4u);
  for (const auto& [size, count] : sizes) EXPECT_NEAR(count, 50, 25) << size;
  EXPECT_EQ(weights.size(), 2u);
  EXPECT_EQ(Points(sweep)[7].label, points[7].label);
  EXPECT_NE(Points("seed: 1\n" + sweep)[7].label, points[7].label);
}

TEST(SweepPoints, RandomPartsThatMakeNoSense) {
  const auto expect = [](const std::string& range, const std::string& message) {
    const std::string errors = Errors("sweep: {random: {optimizer.lr: " + range + "}}\n");
    EXPECT_TRUE(Contains(errors, message)) << errors;
  };
  expect("{from: 2, to: 1}", "from is larger than to");
  expect("{from: 0, to: 1, scale: log}", "a log scale needs numbers above 0");
  expect("{from: 0}", "\"to\" is missing");
  expect("{from: 0, to: 1, scala: log}", "did you mean \"scale\"");
  expect("3", "expected {from: a, to: b} or a list");
}

TEST(SweepPoints, CommasOfTheCommandLineAreAGrid) {
  Node tree = ParseYaml(kExperiment, "tiny.yaml");
  EXPECT_FALSE(AddToGrid(tree, "optimizer={name: sgd, lr: 0.5}"));
  EXPECT_FALSE(AddToGrid(tree, "description=one, two"));
  EXPECT_FALSE(AddToGrid(tree, "loss=\"a,b\""));
  EXPECT_TRUE(AddToGrid(tree, "optimizer=adam,{name: sgd, lr: 0.5}"));
  EXPECT_TRUE(AddToGrid(tree, "train.batch_size=10,20"));
  Registry registry;
  RegisterBuiltins(registry);
  const auto points = SweepPoints(tree, registry);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[3].label, "optimizer=sgd lr=0.5, train.batch_size=20");
}

TEST(SweepPoints, ACommaFillsAnEmptyGrid) {
  Node tree = ParseYaml(std::string(kExperiment) + "sweep: {grid: }\n", "tiny.yaml");
  EXPECT_TRUE(AddToGrid(tree, "train.batch_size=10,20"));
  Registry registry;
  RegisterBuiltins(registry);
  EXPECT_EQ(SweepPoints(tree, registry).size(), 2u);
}

TEST(SweepPoints, TooManyAreRefusedAtOnce) {
  std::string grid;
  for (const char* key : {"seed", "train.epochs", "train.batch_size", "evaluate.every",
                          "checkpoint.every_steps", "checkpoint.every_epochs"}) {
    grid += std::string(grid.empty() ? "" : ", ") + key + ": [1,2,3,4,5,6,7,8]";
  }
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {" + grid + "}}\n"), "more than 10000 settings"));
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {seed: [1, 2]}, samples: 6000, "
                              "random: {optimizer.lr: [1]}}\n"),
                       "more than 10000 settings"));
}

TEST(SweepPoints, NameTheValueThatIsWrong) {
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {optimizer: [{name: sgd, lr: 0.1}, sdg]}}\n"),
                       "tiny.yaml:7:50: error: unknown optimizer \"sdg\"; did you mean \"sgd\"?"))
      << Errors("sweep: {grid: {optimizer: [{name: sgd, lr: 0.1}, sdg]}}\n");
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {optimizer.lr: 3}}\n"), "expected a list of values"));
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {optimizer.rate: [3]}}\n"), "unknown key \"rate\""));
  EXPECT_TRUE(
      Contains(Errors("sweep: {grid: {model.7.units: [3]}}\n"), "not an index into a list of 1"));
}

TEST(SweepTable, ShowsTheBestFirstWithItsSpread) {
  const auto run = [](int64_t seed, double accuracy) {
    EpochMetrics epoch{.epoch = 1, .train_loss = 1 - accuracy};
    epoch.test_accuracy = accuracy;
    return RunResult{.seed = seed, .metrics = RunMetrics{{epoch}, {}}, .failure = ""};
  };
  const std::string table = SweepTable({{"worse", {run(0, 0.5), run(1, 0.7)}},
                                        {"lost", {{.seed = 0, .metrics = {}, .failure = "gone"}}},
                                        {"better", {run(0, 0.8), run(1, 0.9)}}});
  EXPECT_LT(table.find("better"), table.find("worse")) << table;
  EXPECT_LT(table.find("worse"), table.find("lost")) << table;
  EXPECT_TRUE(Contains(table, "0.8500 ± 0.071")) << table;
  EXPECT_TRUE(Contains(table, "seed 0: gone")) << table;
}

RunResult RunOf(const std::vector<double>& train_losses, std::optional<double> test_loss) {
  RunMetrics metrics;
  for (const double loss : train_losses) metrics.epochs.push_back({.train_loss = loss});
  metrics.epochs.back().test_loss = test_loss;
  return {.seed = 0, .metrics = metrics, .failure = ""};
}

TEST(SweepTable, WithoutClassesTheTestLossDecides) {
  const std::string table =
      SweepTable({{"overfitted", {RunOf({0.1}, 3.0)}}, {"sound", {RunOf({0.2}, 2.0)}}});
  EXPECT_LT(table.find("sound"), table.find("overfitted")) << table;
  EXPECT_TRUE(Contains(table, "test loss")) << table;
  EXPECT_FALSE(Contains(table, "accuracy")) << table;
}

TEST(SweepTable, ASettingWithAFailureComesLast) {
  const RunResult lost{.seed = 1, .metrics = {}, .failure = "gone"};
  const std::string table =
      SweepTable({{"shaky", {RunOf({0.1}, 1.0), lost}}, {"sound", {RunOf({0.2}, 2.0)}}});
  EXPECT_LT(table.find("sound"), table.find("shaky")) << table;
}

TEST(SweepTable, CurvesOfEarlyStopsAreMeansOfWhatThereIs) {
  const std::string table = SweepTable({{"early", {RunOf({8, 1}, 1.0), RunOf({8, 1, 1, 1}, 1.0)}}});
  EXPECT_TRUE(Contains(table, "█▁▁▁")) << table;
}

TEST(SweepTable, LabelsAreQuotedAsCsvHasIt) {
  EXPECT_TRUE(
      Contains(SweepCsv({{"{name: \"x\"}", {RunOf({1}, 1.0)}}}), "\"{name: \"\"x\"\"}\",0,"));
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

TEST(SweepPoints, KeysOfWholeNumbersDrawThem) {
  const auto points = Points(R"(
sweep:
  samples: 100
  random:
    train.epochs: {from: 1.5, to: 4}
    model.0.units: {from: 9.5, to: 1e2, scale: log}
    optimizer.lr: {from: 0.5, to: 2}
)");
  std::map<std::string, int> epochs;
  for (const SweepPoint& point : points) {
    ++epochs[point.tree.Find("train")->Find("epochs")->text];
    const int64_t units = std::stoll(point.tree.Find("model")->items[0].Find("units")->text);
    EXPECT_GE(units, 10);
    EXPECT_LE(units, 100);
  }
  ASSERT_EQ(epochs.size(), 3u);
  for (const auto& [epoch, count] : epochs) EXPECT_NEAR(count, 33, 20) << epoch;
  EXPECT_TRUE(Contains(Errors("sweep: {random: {train.epochs: {from: 1.2, to: 1.8}}}\n"),
                       "tiny.yaml:7:32: error: no whole number is between from and to"))
      << Errors("sweep: {random: {train.epochs: {from: 1.2, to: 1.8}}}\n");
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
