// What an experiment leaves open follows from its targets and its last layer.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// Rows of x, y = x^2 and a word, with targets of every kind.
std::string Rows() {
  std::string rows = "x,y,town,kind,two,price,big,odd\n";
  for (int r = 0; r < 60; ++r) {
    const double x = (r * 37 % 60) / 30.0 - 1;
    const char* towns[] = {"Oslo", "Rome", "Bern"};
    rows += std::to_string(x) + "," + std::to_string(x * x) + "," + towns[r % 3] + ",k" +
            std::to_string(r % 3) + "," + (x > 0 ? "yes" : "no") + "," +
            std::to_string(2 * x + 0.25) + "," + (x > 0 ? "1" : "0") + "," +
            (r % 2 == 1 ? "1" : "0") + "\n";
  }
  return rows;
}

class TaskTest : public testing::Test {
 protected:
  TaskTest() { program_.Write("a.csv", Rows()); }

  // Trains on some columns with these last layers.
  Outcome Train(const std::string& target, const std::string& model, const Words& more = {}) {
    program_.Write("net.yaml", "name: net\ndataset: {name: csv, train: a.csv, columns: [x, y], " +
                                   std::string("target: ") + target +
                                   "}\nsplit: {test_fraction: 0.25}\nmodel: [" + model +
                                   "]\noptimizer: {name: adam, lr: 0.05}\n"
                                   "train: {epochs: 3, batch_size: 15}\n");
    Words words = {"net.yaml", "--out", "o" + std::to_string(++runs_)};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }
  // What the last run's config.yaml and summary.json say.
  std::string Config() const { return program_.Read(Last() + "/config.yaml"); }
  Json Summary() const { return Json::parse(program_.Read(Last() + "/summary.json")); }
  std::string Last() const { return "o" + std::to_string(runs_); }

  Program program_;
  int runs_ = 0;
};

constexpr const char* kOne = "{name: linear, units: 1}";
constexpr const char* kThree = "{name: linear, units: 3}";

TEST_F(TaskTest, TheLossFitsTargetsAndLastLayer) {
  const std::string one = kOne;
  const std::string two = "{name: linear, units: 2}";
  const std::string three = kThree;
  for (const auto& [target, model, loss] :
       {std::tuple<std::string, std::string, std::string>{"kind", three, "cross_entropy"},
        {"kind", three + ", softmax", "nll"},
        {"kind", three + ", log_softmax", "nll"},
        {"two", one, "bce_with_logits"},
        {"two", one + ", sigmoid", "bce"},
        {"two", two, "cross_entropy"},
        {"price", one, "mse"},
        {"[big, odd]", two, "bce_with_logits"},
        {"[big, odd]", two + ", sigmoid", "bce"}}) {
    const Outcome run = Train(target, model);
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_TRUE(Contains(Config(), "loss:\n  name: " + loss + "\n")) << target << model;
    EXPECT_TRUE(Contains(run.out, "loss: " + loss)) << run.out;
    EXPECT_FALSE(Contains(run.err, "there are two")) << run.err;
  }
  EXPECT_TRUE(Contains(Train("kind", three + ", softmax", {"loss=cross_entropy"}).err,
                       "warning: cross_entropy applies a softmax itself, so that there are two: "
                       "leave out the last layer, or take loss=nll\n"));
  const Outcome many =
      Train("kind", three + ", softmax", {"loss=cross_entropy", "optimizer.lr=0.1,0.2"});
  const std::string warning = "warning: cross_entropy applies a softmax itself";
  EXPECT_TRUE(Contains(many.err, warning)) << many.err;
  EXPECT_EQ(many.err.find(warning), many.err.rfind(warning)) << "said once for all settings";
  EXPECT_TRUE(Contains(Train("two", one + ", sigmoid", {"loss=bce_with_logits"}).err,
                       "or take loss=bce\n"));
  EXPECT_FALSE(Contains(Train("kind", three + ", log_softmax", {"loss=cross_entropy"}).err,
                        "there are two"));
  ASSERT_EQ(Train("kind", three + ", log_softmax").code, 0);
  EXPECT_TRUE(Contains(Config(), "input: log_probabilities"));
  // The weights are those of a file that names the loss; and its config.yaml is one.
  ASSERT_EQ(Train("two", one + ", sigmoid").code, 0);
  const std::string open = Summary()["weights_hash"];
  ASSERT_EQ(program_.Run({Last() + "/config.yaml", "--out", "again"}).code, 0);
  EXPECT_EQ(Json::parse(program_.Read("again/summary.json"))["weights_hash"], open);
  ASSERT_EQ(Train("two", one + ", sigmoid", {"loss=bce"}).code, 0);
  EXPECT_EQ(Summary()["weights_hash"], open);
}

TEST_F(TaskTest, TheMetricsFitTheTargets) {
  ASSERT_EQ(Train("price", kOne).code, 0);
  for (const char* name : {"test_mae", "test_rmse", "test_r2"}) {
    EXPECT_TRUE(Summary().contains(name)) << name;
  }
  ASSERT_EQ(Train("two", kOne).code, 0);
  EXPECT_TRUE(Summary().contains("test_accuracy"));
  EXPECT_FALSE(Summary().contains("test_mae"));
  ASSERT_EQ(Train("[big, odd]", "{name: linear, units: 2}").code, 0);
  for (const char* name : {"test_subset_accuracy", "test_binary_accuracy", "test_f1_micro"}) {
    EXPECT_TRUE(Summary().contains(name)) << name;
  }
  EXPECT_TRUE(program_.Read(Last() + "/per_label.csv").starts_with("per_label,precision,"));
  ASSERT_EQ(Train("price", kOne, {"metrics=[]", "early_stop.metric=train_loss"}).code, 0);
  EXPECT_FALSE(Summary().contains("test_mae"));
  EXPECT_EQ(Train("price", kOne, {"early_stop.metric=test_mae"}).code, 0);
  EXPECT_TRUE(Contains(Train("price", kOne, {"metrics=[]", "early_stop.metric=test_mae"}).err,
                       "unknown metric \"test_mae\""));
  EXPECT_TRUE(Contains(Train("kind", kThree, {"early_stop.metric=test_mae"}).err,
                       "early_stop.metric is test_mae, which none of the metrics gives"));
}

TEST_F(TaskTest, RunsThatAreLeftOpenResumeAndAreFoundAgain) {
  ASSERT_EQ(Train("price", kOne).code, 0);
  const std::string folder = Last();
  EXPECT_TRUE(Contains(program_.Run({"net.yaml", "--out", folder, "--resume"}).out,
                       "nothing to do: the run in"));
  const Outcome more = program_.Run({"net.yaml", "--out", folder, "--resume", "train.epochs=5"});
  ASSERT_EQ(more.code, 0) << more.err;
  ASSERT_EQ(Train("price", kOne, {"train.epochs=5"}).code, 0);
  EXPECT_EQ(Json::parse(program_.Read(folder + "/summary.json"))["weights_hash"],
            Summary()["weights_hash"]);
  for (int i = 0; i < 2; ++i) {
    const Outcome swept = program_.Run({"net.yaml", "--out", "s", "optimizer.lr=0.1,0.01"});
    ASSERT_EQ(swept.code, 0) << swept.err;
    EXPECT_TRUE(Contains(swept.out, "test r2")) << swept.out;
    EXPECT_EQ(Contains(swept.out, "0 of 2 runs are left to do here"), i == 1) << swept.out;
  }
  EXPECT_EQ(program_.Run({"time", "net.yaml"}).code, 0);
  EXPECT_EQ(program_.Run({"net.yaml", "--print-config"}).code, 0);
}

// Each row of a table is its own target; so is that of any data set.
TEST_F(TaskTest, AutoencodersAimAtTheirInputs) {
  const Outcome run = Train("input", "{name: linear, units: 2}", {"standardise=true"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.err, "a.csv: note: the targets are the inputs (autoencoder)"));
  EXPECT_TRUE(Contains(Config(), "loss:\n  name: mse\n"));
  program_.Write("new.csv", "y,x\n0.25,0.5\n0.09,-0.3\n");
  const Outcome said = program_.Run({"predict", Last(), "new.csv"});
  EXPECT_TRUE(said.out.starts_with("0: mse ")) << said.out << said.err;
  EXPECT_TRUE(Contains(said.out, "; x ") && Contains(said.out, ", y ")) << said.out;
  ASSERT_EQ(program_.Run({"export", Last(), "--format", "onnx", "--out", "m.onnx"}).code, 0);
  for (const std::string data :
       {"{name: digits8x8, scale: 16, target: input}",
        "{name: synthetic_digits, train: 60, test: "
        "20, target: input}",
        "{name: inline, inputs: [[0, 1], [1, 0]], labels: [0, 1], target: input}"}) {
    program_.Write("auto.yaml", "name: auto\ndataset: " + data +
                                    "\nmodel: [{name: linear, units: 2}]\n"
                                    "optimizer: sgd\ntrain: {epochs: 1}\n");
    const std::string units = Contains(data, "inline") ? "2" : Contains(data, "8x8") ? "64" : "784";
    const Outcome outcome = program_.Run(
        {"auto.yaml", "--out", "a" + units, "--quiet", "model.0.units=" + units, "subset.train=2"});
    EXPECT_EQ(outcome.code, 0) << data << outcome.err;
    EXPECT_TRUE(Contains(program_.Read("a" + units + "/config.yaml"), "targets: inputs"));
  }
}

TEST_F(TaskTest, ABundledAutoencoderLearns) {
  const Outcome run = program_.Run({"autoencoder.yaml", "--out", "a", "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
  const Json summary = Json::parse(program_.Read("a/summary.json"));
  // The variance of the pixels is 0.14: what 12 numbers say explains most of it.
  EXPECT_LT(summary.at("test_loss"), 0.03);
}

// After a split, the training rows may lack what the others have.
TEST_F(TaskTest, WarnsOfWhatOnlyOtherRowsHave) {
  program_.Write("b.csv",
                 "x,town,kind\n1,Oslo,a\n2,Oslo,a\n3,Bern,b\n4,Oslo,b\n5,Oslo,b\n6,Rome,c\n");
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: b.csv, target: kind}\n"
                 "split: {train_fraction: 0.8, permutation: none}\n"
                 "model: [{name: linear, units: 3}]\noptimizer: sgd\ntrain: {epochs: 1}\n");
  const Outcome run = program_.Run({"net.yaml", "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.err, "warning: no row to train on has the class c")) << run.err;
  EXPECT_TRUE(Contains(run.err,
                       "warning: no row to train on has Rome in the column town, but "
                       "other rows do"))
      << run.err;
  EXPECT_FALSE(Contains(run.err, "Bern")) << run.err;
}

// Numbers are no probabilities, whatever a loss would make of them.
// Of two results with one name only one would be kept.
TEST_F(TaskTest, MetricsWithOneResultAreRefused) {
  const auto refusal = [&](const std::string& metrics) {
    const Outcome run = Train("kind", kThree, {"metrics=" + metrics});
    EXPECT_EQ(run.code, 2) << metrics;
    return run.err;
  };
  EXPECT_TRUE(Contains(refusal("[{name: top_k, k: 2}, {name: top_k, k: 2}]"),
                       "top_k is listed twice, and both give top2_accuracy"));
  EXPECT_TRUE(Contains(refusal("[accuracy, {name: accuracy, threshold: 0.7}]"),
                       "accuracy is listed twice, and both give accuracy"));
  EXPECT_TRUE(Contains(refusal("[confusion_matrix, per_class, confusion_matrix]"),
                       "confusion_matrix is listed twice: only one of them would be kept"));
  const Outcome good = Train("kind", kThree,
                             {"metrics=[accuracy, {name: top_k, k: 2}, {name: top_k, k: 1}, "
                              "confusion_matrix, per_class, roc_auc]"});
  EXPECT_EQ(good.code, 0) << good.err;
}

// Ids are not numbers that may change a little.
TEST_F(TaskTest, AugmentationThatChangesIdsIsRefused) {
  program_.Write("ids.csv", "kind,a,b\n0,1,2\n1,3,0\n0,1,1\n1,3,2\n");
  program_.Write("ids.yaml",
                 "name: ids\ndataset: {name: csv, train: ids.csv, target: kind}\n"
                 "model: [{name: embedding, num_embeddings: 4, embedding_dim: 3}, "
                 "{name: linear, units: 2}]\noptimizer: sgd\ntrain: {epochs: 1}\n");
  const Outcome noise = program_.Run({"ids.yaml", "augment.noise=0.1", "--out", "noise"});
  EXPECT_EQ(noise.code, 2) << noise.out;
  EXPECT_TRUE(Contains(noise.err, "augment.noise would change the ids that the model takes"))
      << noise.err;
  const Outcome none = program_.Run({"ids.yaml", "augment.noise=0", "--out", "none"});
  EXPECT_EQ(none.code, 0) << none.err;
}

TEST_F(TaskTest, LossesAndMetricsRefuseTargetsThatTheyCannotTake) {
  program_.Write("a.csv", "x,n\n0.5,1\n0.25,0\n0.75,2.5\n0.1,1\n0.2,0\n0.3,1\n");
  const auto refused = [&](const std::string& loss, const std::string& more) {
    program_.Write("net.yaml",
                   "name: net\ndataset: {name: csv, train: a.csv, target: n, task: regression}\n"
                   "model: [{name: linear, units: 1}]\nloss: " +
                       loss + "\noptimizer: {name: adam, lr: 0.02}\n" + more +
                       "train: {epochs: 2}\n");
    const Outcome outcome = program_.Run({"net.yaml", "--quiet", "--out", "odd"});
    EXPECT_EQ(outcome.code, 2) << loss << outcome.out;
    return outcome.err;
  };
  EXPECT_TRUE(Contains(refused("bce_with_logits", ""),
                       "net.yaml:4:7: error: bce_with_logits takes targets from 0 to 1, but "
                       "training row 2 has 2.5: of numbers, take mse, l1 or huber\n"));
  EXPECT_TRUE(Contains(refused("bce_with_logits", "standardise_targets: true\n"),
                       ", which is standardised: of numbers, take mse"));
  EXPECT_TRUE(Contains(refused("mse", "metrics: [mae, multilabel]\n"),
                       "net.yaml:6:16: error: multilabel takes labels that hold (1) or do not (0), "
                       "but training row 2 has the target 2.5: for numbers, use mae, rmse or "
                       "r2\n"));
  program_.Write("b.csv", "x,n\n0.5,1\n0.25,3\n0.75,2\n0.1,1\n0.2,0\n0.3,1\n");
  program_.Write("a.csv", program_.Read("b.csv"));
  EXPECT_TRUE(Contains(refused("bce_with_logits", ""),
                       "if they are classes, they must be read as classes: `task: "
                       "classification`"));
}

}  // namespace
}  // namespace nabla
