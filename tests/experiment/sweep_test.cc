// `run sweep`: every setting of a grid, several seeds each.
#include "framework/experiment/sweep.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "plugins/builtin.h"
#include "tests/experiment/program.h"

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

TEST(SweepPoints, NameTheValueThatIsWrong) {
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {optimizer: [{name: sgd, lr: 0.1}, sdg]}}\n"),
                       "tiny.yaml:7:50: error: unknown optimizer \"sdg\"; did you mean \"sgd\"?"))
      << Errors("sweep: {grid: {optimizer: [{name: sgd, lr: 0.1}, sdg]}}\n");
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {optimizer.lr: 3}}\n"), "expected a list of values"));
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {optimizer.rate: [3]}}\n"), "unknown key \"rate\""));
  EXPECT_TRUE(Contains(Errors("sweep: {seeds: 2}\n"), "a sweep needs"));
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {model.7.units: [3]}}\n"), "no place in a list of 1"));
}

TEST(SweepTable, ShowsTheBestFirstWithItsSpread) {
  const auto run = [](int64_t seed, double accuracy) {
    EpochFigures epoch{.epoch = 1, .train_loss = 1 - accuracy};
    epoch.test_accuracy = accuracy;
    return SideRun{.seed = seed, .figures = RunFigures{{epoch}, {}}, .failure = ""};
  };
  const std::string table = SweepTable({{"worse", {run(0, 0.5), run(1, 0.7)}},
                                        {"lost", {{.seed = 0, .figures = {}, .failure = "gone"}}},
                                        {"better", {run(0, 0.8), run(1, 0.9)}}});
  EXPECT_LT(table.find("better"), table.find("worse")) << table;
  EXPECT_LT(table.find("worse"), table.find("lost")) << table;
  EXPECT_TRUE(Contains(table, "0.8500 ± 0.071")) << table;
  EXPECT_TRUE(Contains(table, "seed 0: gone")) << table;
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

}  // namespace
}  // namespace nabla
