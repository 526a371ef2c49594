// Rows that count more or less, wherever rows are used. tests/training/torch_training_test.cc and
// tests/inference/evaluate_test.cc compare the numbers with PyTorch and scikit-learn.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

std::string Weight(int r) { return std::to_string(r % 4) + "." + std::to_string(5 * (r % 2)); }

// Inputs of 0.1 to 1.0, a class, and a weight. With `again`, each row stands as often as that
// function of its number says.
template <typename F>
std::string Rows(int from, int to, const F& weight, bool header = true) {
  std::string text = header ? "x,y,kind,w\n" : "";
  for (int r = from; r < to; ++r) {
    text += "0." + std::to_string(1 + r * 7 % 9) + ",0." + std::to_string(1 + r * 5 % 8) +
            (r % 3 == 0 ? ",no," : ",yes,") + weight(r) + "\n";
  }
  return text;
}

class RowWeightsTest : public testing::Test {
 protected:
  RowWeightsTest() {
    program_.Write("a.csv", Rows(0, 60, Weight));
    program_.Write("b.csv", Rows(60, 80, Weight));
    program_.Write("net.yaml",
                   "name: net\ndataset: {name: csv, train: a.csv, test: b.csv, target: kind, "
                   "row_weight: w}\nmodel: [{name: linear, units: 8}, tanh, {name: linear, units: "
                   "2}]\nloss: cross_entropy\noptimizer: {name: adam, lr: 0.02}\ntrain: {epochs: "
                   "4, batch_size: 7}\n");
  }

  Outcome Run(const std::string& out, Words more = {}) {
    more.insert(more.begin(), {"net.yaml", "--quiet", "--out", out});
    return program_.Run(more);
  }
  Outcome GoodRun(const std::string& out, const Words& more = {}) {
    Outcome run = Run(out, more);
    EXPECT_EQ(run.code, 0) << run.err;
    return run;
  }
  std::string Refusal(const Words& more) {
    const Outcome run = Run("refused" + std::to_string(++refused_), more);
    EXPECT_EQ(run.code, 2);
    return run.err;
  }
  Json Summary(const std::string& folder) const {
    return Json::parse(program_.Read(folder + "/summary.json"));
  }
  std::string Hash(const std::string& folder) const { return Summary(folder).at("weights_hash"); }

  Program program_;
  int refused_ = 0;
};

TEST_F(RowWeightsTest, AWeightOfOneChangesNoBit) {
  program_.Write("one.csv", Rows(0, 60, [](int) { return "1"; }));
  program_.Write("one_b.csv", Rows(60, 80, [](int) { return "1.0"; }));
  GoodRun("one", {"dataset.train=one.csv", "dataset.test=one_b.csv"});
  GoodRun("none",
          {"dataset.train=one.csv", "dataset.test=one_b.csv",
           "dataset={name: csv, train: one.csv, test: one_b.csv, target: kind, ignore: w}"});
  EXPECT_EQ(Hash("one"), Hash("none"));
  EXPECT_EQ(Summary("one").at("test_loss"), Summary("none").at("test_loss"));
  GoodRun("weighted");
  EXPECT_NE(Hash("weighted"), Hash("one"));
}

// Full batches: the weight 2 is the row twice, and 0 is no row.
TEST_F(RowWeightsTest, WeightsAreRepeatedRows) {
  const auto weight = [](int r) { return std::to_string(r % 3); };
  std::string repeated = "x,y,kind,w\n";
  for (int r = 0; r < 30; ++r) {
    for (int k = 0; k < r % 3; ++k)
      repeated += Rows(
          r, r + 1, [](int) { return "1"; }, false);
  }
  program_.Write("a.csv", Rows(0, 30, weight));
  program_.Write("r.csv", repeated);
  const Words how = {"train.batch_size=100", "dtype=float64", "optimizer=sgd", "optimizer.lr=0.5"};
  GoodRun("weighted", how);
  Words again = how;
  again.push_back("dataset.train=r.csv");
  GoodRun("repeated", again);
  EXPECT_NEAR(Summary("weighted").at("train_loss"), Summary("repeated").at("train_loss"), 1e-12);
  EXPECT_NEAR(Summary("weighted").at("test_loss"), Summary("repeated").at("test_loss"), 1e-12);
}

TEST_F(RowWeightsTest, GoThroughResumesThreadsSweepsAndFolds) {
  for (const std::string dtype : {"float32", "float64"}) {
    const std::string all = "all_" + dtype;
    const std::string part = "part_" + dtype;
    GoodRun(all, {"dtype=" + dtype, "--threads", "3"});
    GoodRun(part, {"dtype=" + dtype, "train.epochs=2", "--threads", "1"});
    GoodRun(part, {"dtype=" + dtype, "--resume"});
    EXPECT_EQ(Hash(part), Hash(all));
  }
  GoodRun("swept", {"optimizer.lr=0.02,0.01", "--seeds", "1"});
  EXPECT_EQ(Hash("swept/0.02/seed-0"), Hash("all_float32"));
  const Words folds = {"sweep={folds: 3, grid: {optimizer.lr: [0.02]}}"};
  GoodRun("folds", folds);
  GoodRun("fold", {"split={folds: 3, fold: 1}"});
  EXPECT_EQ(Hash("folds/0.02/seed-0-fold-1"), Hash("fold"));
  GoodRun("split", {"split={test_fraction: 0.3, validation_fraction: 0.2}"});
  GoodRun("subset", {"subset={train: 20}"});
  EXPECT_EQ(program_.Run({"rerun", "split"}).code, 0);
  // Other weights are other rows.
  program_.Write("a.csv", Rows(0, 60, [](int r) { return Weight(r + 1); }));
  const Outcome other = Run("part_float32", {"train.epochs=6", "--resume"});
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(Contains(other.err, "the training rows have changed since this run")) << other.err;
}

TEST_F(RowWeightsTest, WeighTheLossOfAnEvaluation) {
  GoodRun("o");
  const auto evaluate = [&](const Words& files) {
    Words words = {"evaluate", "o", "--json"};
    words.insert(words.end(), files.begin(), files.end());
    return program_.Run(words);
  };
  const Outcome weighted = evaluate({"b.csv"});
  EXPECT_EQ(Json::parse(weighted.out).at("loss"), Summary("o").at("test_loss")) << weighted.err;
  program_.Write("plain.csv", Rows(60, 80, [](int) { return "1"; }));
  program_.Write("bare.csv", "x,y,kind\n0.5,0.5,yes\n0.1,0.2,no\n");
  EXPECT_NE(Json::parse(evaluate({"plain.csv"}).out).at("loss"), Summary("o").at("test_loss"));
  const Outcome bare = evaluate({"bare.csv"});
  EXPECT_EQ(bare.code, 0);
  EXPECT_TRUE(Contains(bare.err,
                       "bare.csv: note: there is no column \"w\" of weights: all rows "
                       "count the same"))
      << bare.err;
  const Outcome mixed = evaluate({"b.csv", "bare.csv"});
  EXPECT_EQ(mixed.code, 2);
  EXPECT_TRUE(Contains(mixed.err, "bare.csv: error: its rows have no weights")) << mixed.err;
  program_.Write("zero.csv", Rows(60, 80, [](int) { return "0"; }));
  EXPECT_TRUE(Contains(evaluate({"zero.csv"}).err, "all weights of its rows are 0"));
  // A prediction asks for no weights, and a column of them is no input.
  program_.Write("new.csv", "x,y\n0.5,0.5\n0.1,0.2\n");
  program_.Write("new_w.csv", "w,y,x\n7,0.5,0.5\n-1,0.2,0.1\n");
  const Outcome predicted = program_.Run({"predict", "o", "new.csv"});
  EXPECT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_EQ(program_.Run({"predict", "o", "new_w.csv"}).out, predicted.out);
  EXPECT_EQ(program_.Run({"export", "o", "--format", "c", "--out", "m.h"}).code, 0);
  EXPECT_TRUE(Contains(program_.Read("m.h"), "2"));
}

TEST_F(RowWeightsTest, WhatIsNoWeightIsNamed) {
  const auto with = [&](const std::string& weight) {
    program_.Write("a.csv", Rows(0, 60, [&](int r) { return r == 4 ? weight : "1"; }));
  };
  with("-1");
  EXPECT_TRUE(Contains(Refusal({}),
                       "a.csv:6:13: error: expected the row's weight, a number from "
                       "0, found \"-1\""));
  with("many");
  EXPECT_TRUE(Contains(Refusal({}),
                       "a.csv:6:13: error: expected the row's weight, a number from "
                       "0, found \"many\""));
  with("inf");
  EXPECT_TRUE(Contains(Refusal({}), "a number from 0, found \"inf\""));
  with("");
  EXPECT_TRUE(Contains(Refusal({}), "the row's weight is missing, found \"\"; `missing: drop`"));
  EXPECT_TRUE(Contains(Refusal({"dataset.missing=mean"}), "the row's weight is missing"));
  GoodRun("dropped", {"dataset.missing=drop"});
  with("1e308");
  program_.Write("b.csv", Rows(60, 80, [](int) { return "1.7e308"; }));
  EXPECT_TRUE(Contains(Refusal({}),
                       "net.yaml:2:17: error: the weights of the rows to test on have "
                       "no finite sum"));
  program_.Write("b.csv", Rows(60, 80, [](int) { return "0"; }));
  EXPECT_TRUE(Contains(Refusal({}),
                       "net.yaml:2:17: error: all weights of the rows to test on are "
                       "0: none of them counts"));
  with("1");
  EXPECT_TRUE(Contains(Refusal({"dataset.row_weight=weight"}), "there is no column \"weight\""));
  EXPECT_TRUE(Contains(Refusal({"dataset.row_weight=kind"}), "is named twice among"));
  EXPECT_TRUE(Contains(Refusal({"dataset.test=c.csv"}), "c.csv: error: no such file"));
}

// With a rate of 0, the batches of an epoch are rows of one net, whose loss `after` gives.
TEST_F(RowWeightsTest, ABatchThatWeighsNothingIsNoPartOfTheLoss) {
  program_.Write("a.csv", Rows(0, 60, [](int r) { return std::to_string(r % 2 * (1 + r % 3)); }));
  const auto loss = [&](const std::string& out, Words more) {
    more.insert(more.end(), {"optimizer=sgd", "optimizer.lr=0", "train.epochs=1",
                             "train.shuffle=false", "dtype=float64"});
    GoodRun(out, more);
    return Summary(out).at("train_loss").get<double>();
  };
  const double whole = loss("after", {"evaluate.train_loss=after"});
  for (const std::string size : {"1", "4"}) {
    EXPECT_NEAR(loss("rows" + size, {"evaluate.train_loss=rows", "train.batch_size=" + size}),
                whole, 1e-12);
  }
  // Only every second batch has a row that counts: their mean is that of these rows alike.
  program_.Write("a.csv", Rows(0, 60, [](int r) { return std::to_string(r % 2); }));
  EXPECT_NEAR(loss("batches", {"train.batch_size=1"}),
              loss("after_equal", {"evaluate.train_loss=after"}), 1e-12);
}

// The loss of no row, 0, would be the least of all.
TEST_F(RowWeightsTest, FindLrTakesNoLossFromABatchThatWeighsNothing) {
  program_.Write("a.csv", Rows(0, 60, [](int r) { return std::to_string(r % 2); }));
  const Outcome run = program_.Run({"find-lr", "net.yaml", "train.batch_size=1", "--json"});
  ASSERT_EQ(run.code, 0) << run.err;
  const Json points = Json::parse(run.out).at("points");
  ASSERT_GT(points.size(), 10u);
  for (const Json& point : points) EXPECT_NE(point.at("loss"), 0.0) << point;
}

}  // namespace
}  // namespace nabla
