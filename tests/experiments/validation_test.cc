// Rows that are put aside to choose by, and test rows that nobody sees before the end.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

class ValidationTest : public testing::Test {
 protected:
  ValidationTest() {
    program_.Write("net.yaml",
                   "name: net\ndataset: {name: digits8x8, scale: 16}\n"
                   "split: {test_fraction: 0.2, validation_fraction: 0.25, permutation: numpy}\n"
                   "subset: {train: 600}\nmodel: [{name: linear, units: 10}]\n"
                   "optimizer: {name: adam, lr: 0.02}\nmetrics: [confusion_matrix]\n"
                   "train: {epochs: 4, batch_size: 30}\n");
  }
  Outcome Run(const std::string& out, Words more = {}) {
    more.insert(more.begin(), {"net.yaml", "--out", out});
    return program_.Run(more);
  }
  Json Summary(const std::string& folder) const {
    return Json::parse(program_.Read(folder + "/summary.json"));
  }
  std::vector<Json> Epochs(const std::string& folder) const {
    std::istringstream lines(program_.Read(folder + "/metrics.jsonl"));
    std::vector<Json> epochs;
    for (std::string line; std::getline(lines, line);) epochs.push_back(Json::parse(line));
    return epochs;
  }

  Program program_;
};

TEST_F(ValidationTest, TheTestRowsComeLast) {
  const Outcome run = Run("a");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "600 rows to train, 360 to validate, 360 to test at the end"))
      << run.out;
  EXPECT_TRUE(Contains(run.out, "validation accuracy")) << run.out;
  const std::vector<Json> epochs = Epochs("a");
  ASSERT_EQ(epochs.size(), 4u);
  for (size_t e = 0; e < 4; ++e) {
    EXPECT_TRUE(epochs[e].contains("validation_loss"));
    EXPECT_TRUE(epochs[e].contains("validation_accuracy"));
    EXPECT_EQ(epochs[e].contains("test_loss"), e == 3);
  }
  EXPECT_EQ(Summary("a")["validation_loss"], epochs[3]["validation_loss"]);
  EXPECT_EQ(Summary("a")["test_accuracy"], epochs[3]["test_accuracy"]);
  EXPECT_TRUE(program_.Read("a/metrics.csv")
                  .starts_with("epoch,train_loss,train_accuracy,validation_loss,validation_accuracy"
                               ",test_loss,test_accuracy,"));
  const std::string page = program_.Read("a/report.html");
  EXPECT_TRUE(Contains(page, "<dt>validation accuracy</dt>"));
  EXPECT_TRUE(Contains(page, "\"validation_loss\":["));
  EXPECT_TRUE(program_.Has("a/confusion_matrix.csv"));
  EXPECT_EQ(program_.Run({"rerun", "a", "--out", "again"}).code, 0);
}

// Both are what evaluations of the same rows, one after the other, say.
TEST_F(ValidationTest, IsTheEvaluationOfTheRowsPutAside) {
  ASSERT_EQ(Run("a").code, 0);
  ASSERT_EQ(
      Run("test", {"split.stratify=true", "evaluate.split=test", "split.test_fraction=0.2"}).code,
      0);
  ASSERT_EQ(Run("aside", {"split.stratify=true", "split.tested=validation"}).code, 0);
  ASSERT_EQ(Run("both", {"split.stratify=true"}).code, 0);
  const Json both = Summary("both");
  for (const char* other : {"test", "aside"}) {
    EXPECT_EQ(Summary(other)["weights_hash"], both["weights_hash"]) << other;
  }
  EXPECT_EQ(Summary("test")["test_loss"], both["test_loss"]);
  EXPECT_EQ(Summary("aside")["test_loss"], both["validation_loss"]);
  EXPECT_EQ(Summary("aside")["test_accuracy"], both["validation_accuracy"]);
  // Classes are shared equally without being asked, unless the file says no.
  ASSERT_EQ(Run("plain", {"split.stratify=false"}).code, 0);
  EXPECT_NE(Summary("plain")["weights_hash"], Summary("a")["weights_hash"]);
}

TEST_F(ValidationTest, StopsAndChoosesByIt) {
  const Outcome run = Run("a", {"early_stop.patience=2", "checkpoint.best=validation_accuracy",
                                "optimizer.lr=0.5", "train.epochs=80"});
  ASSERT_EQ(run.code, 0) << run.err;
  const std::vector<Json> epochs = Epochs("a");
  ASSERT_LT(epochs.size(), 80u);
  EXPECT_TRUE(Contains(program_.Read("a/config.yaml"), "metric: validation_loss"));
  size_t best = 0;
  for (size_t e = 1; e < epochs.size(); ++e) {
    if (epochs[e]["validation_loss"] < epochs[best]["validation_loss"]) best = e;
    EXPECT_EQ(epochs[e].contains("test_loss"), e + 1 == epochs.size());
  }
  EXPECT_EQ(best + 3, epochs.size());
  // It is said at the end, in the folder and on the page.
  const std::string when = "early_stop after epoch " + std::to_string(best + 3) + " of 80";
  const std::string why =
      "validation_loss has not improved for 2 epochs, since epoch " + std::to_string(best + 1);
  EXPECT_TRUE(run.out.ends_with("\nended by " + when + ": " + why + "\n")) << run.out;
  EXPECT_EQ(Summary("a")["ended"], when + ": " + why);
  const std::string page = program_.Read("a/report.html");
  EXPECT_TRUE(Contains(page, when + "<small>validation_loss")) << why;
  ASSERT_EQ(Run("whole", {"early_stop.patience=2", "train.epochs=3"}).code, 0);
  EXPECT_FALSE(Summary("whole").contains("ended"));
  EXPECT_TRUE(program_.Has("a/best.safetensors"));
  EXPECT_TRUE(Contains(Run("b", {"checkpoint.best=test_loss"}).err,
                       "checkpoint.best is test_loss, but evaluate.split is validation"));
  EXPECT_TRUE(Contains(Run("b", {"early_stop.metric=validation_loss", "evaluate.split=test"}).err,
                       "early_stop.metric is validation_loss, but evaluate.split is test"));
}

// A run that goes on forgets what the test rows said at its first end.
TEST_F(ValidationTest, ResumesToTheSame) {
  ASSERT_EQ(Run("a").code, 0);
  ASSERT_EQ(Run("b", {"train.epochs=2"}).code, 0);
  EXPECT_TRUE(Epochs("b")[1].contains("test_loss"));
  const Outcome more = Run("b", {"--resume"});
  ASSERT_EQ(more.code, 0) << more.err;
  EXPECT_EQ(Summary("b")["weights_hash"], Summary("a")["weights_hash"]);
  for (size_t e = 0; e < 4; ++e) {
    for (const char* name : {"validation_loss", "test_loss"}) {
      EXPECT_EQ(Epochs("b")[e].value(name, -1.0), Epochs("a")[e].value(name, -1.0)) << e << name;
    }
  }
}

// Numbers have no classes to keep the shares of; missing values and targets are those of the
// training rows; sparse and dense, float64 and a file without test rows.
TEST_F(ValidationTest, WorksForEveryDataSet) {
  std::string rows = "x,y,price\n";
  for (int r = 0; r < 50; ++r) {
    const double x = (r * 7 % 50) / 50.0;
    rows += (r == 9 ? "?" : std::to_string(x)) + "," + std::to_string(x * x) + "," +
            std::to_string(500 + 100 * x) + "\n";
  }
  program_.Write("a.csv", rows);
  const std::string csv =
      "{name: csv, train: a.csv, target: price, task: regression, missing: mean}";
  const auto file = [&](const std::string& data, const std::string& model) {
    program_.Write("net.yaml", "name: net\ndataset: " + data +
                                   "\nsplit: {validation_fraction: 0.2}\nmodel: [" + model +
                                   "]\noptimizer: {name: adam, lr: 0.1}\n"
                                   "train: {epochs: 30, batch_size: 10}\n");
  };
  file(csv, "{name: linear, units: 1}");
  const Outcome run = Run("csv", {"standardise=true", "standardise_targets=true",
                                  "early_stop={patience: 8}", "checkpoint.best=validation_r2"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "40 rows to train, 10 to validate, 0 to test;")) << run.out;
  EXPECT_GT(Summary("csv")["validation_r2"], 0.9);
  EXPECT_LT(Summary("csv")["validation_mae"], 20);
  EXPECT_FALSE(Summary("csv").contains("test_loss"));
  program_.Write("new.csv", "x,y\n0.5,0.25\n");
  for (const Words& how :
       {Words{"predict", "csv", "new.csv"}, Words{"predict", "csv", "new.csv", "--best"}}) {
    const Outcome said = program_.Run(how);
    ASSERT_TRUE(said.out.starts_with("price ")) << said.out << said.err;
    EXPECT_NEAR(std::stod(said.out.substr(6)), 550, 30);
  }
  file("{name: synthetic_digits, train: 200, test: 50}", "{name: linear, units: 10}");
  ASSERT_EQ(Run("digits", {"train.epochs=2"}).code, 0);
  ASSERT_EQ(Run("digits64", {"train.epochs=2", "dtype=float64", "targets=inputs",
                             "model.0.units=784", "float32_inputs=true"})
                .code,
            0);
  EXPECT_TRUE(Summary("digits64").contains("validation_loss"));
  file("{name: inline, inputs: [[0, 1], [1, 0], [1, 1], [0, 0], [1, 0]], labels: [0, 1, 1, 0, 1]}",
       "{name: linear, units: 2}");
  EXPECT_EQ(Run("inline").code, 0);
  EXPECT_EQ(program_.Run({"report", "csv", "digits", "--out", "all.html"}).code, 0);
}

TEST_F(ValidationTest, OrdersSweepsAndFolds) {
  const Outcome swept = Run("s", {"optimizer.lr=0.0001,0.02", "--quiet"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_TRUE(program_.Read("s/sweep.csv")
                  .starts_with("point,optimizer.lr,seed,status,epoch,train_loss,train_accuracy,"
                               "validation_loss,"));
  const Outcome shown = Run("s", {"optimizer.lr=0.0001,0.02"});
  EXPECT_TRUE(Contains(shown.out, "validation accuracy")) << shown.out;
  EXPECT_LT(shown.out.find("\n0.02 "), shown.out.find("\n0.0001 ")) << shown.out;
}

// The same parts for every setting, and the mean over them.
TEST_F(ValidationTest, FoldsAreAnAxisOfSweeps) {
  program_.Write("folds.yaml",
                 "name: folds\ndataset: {name: digits8x8, scale: 16}\n"
                 "model: [{name: linear, units: 10}]\noptimizer: {name: adam, lr: 0.02}\n"
                 "train: {epochs: 2, batch_size: 30}\n"
                 "sweep: {folds: 3, seeds: 2, grid: {optimizer.lr: [0.02, 0.001]}}\n");
  const Outcome swept = program_.Run({"sweep", "folds.yaml", "--out", "f"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_TRUE(Contains(swept.out, "2 settings, 2 seeds each, 3 folds")) << swept.out;
  const Json json = Json::parse(program_.Read("f/sweep.json"));
  ASSERT_EQ(json["points"][0]["runs"].size(), 6u);
  EXPECT_EQ(json["points"][0]["runs"][4]["seed"], 1);
  EXPECT_EQ(json["points"][0]["runs"][4]["fold"], 1);
  EXPECT_TRUE(program_.Read("f/sweep.csv")
                  .starts_with("point,optimizer.lr,seed,fold,status,epoch,train_loss,"));
  std::set<std::string> tested;
  for (const char* fold : {"0", "1", "2"}) {
    std::set<std::string> alike;
    for (const char* setting : {"0.02", "0.001"}) {
      const std::string run = std::string("f/") + setting + "/seed-1-fold-" + fold;
      const Json environment = Json::parse(program_.Read(run + "/environment.json"));
      alike.insert(environment["test_data"].get<std::string>());
    }
    EXPECT_EQ(alike.size(), 1u) << fold;
    tested.insert(alike.begin(), alike.end());
  }
  EXPECT_EQ(tested.size(), 3u);
  double sum = 0;
  for (const Json& run : json["points"][0]["runs"]) sum += run["test_accuracy"][1].get<double>();
  std::ostringstream mean;
  mean.precision(4);
  mean << std::fixed << sum / 6;
  EXPECT_TRUE(Contains(swept.out, mean.str() + " ±")) << swept.out << mean.str();
  EXPECT_TRUE(Contains(program_.Read("f/report.html"), "seed 1, fold 2"));
  // A fold alone is the same run.
  const Outcome alone = program_.Run(
      {"folds.yaml", "sweep=null", "split={folds: 3, fold: 2}", "--seed", "1", "--out", "alone"});
  ASSERT_EQ(alone.code, 0) << alone.err;
  EXPECT_EQ(Summary("alone")["weights_hash"], Summary("f/0.02/seed-1-fold-2")["weights_hash"]);
}

}  // namespace
}  // namespace nabla
