// Every metric that is asked for shows wherever a run does, and may decide.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// A line with a bend: y = x + x^2 / 2 for x from -1 to 1.
std::string Rows() {
  std::string rows = "x,y\n";
  for (int r = 0; r < 80; ++r) {
    const double x = (r * 37 % 80) / 40.0 - 1;
    rows += std::to_string(x) + "," + std::to_string(x + x * x / 2) + "\n";
  }
  return rows;
}

class MetricsTest : public testing::Test {
 protected:
  MetricsTest() {
    program_.Write("a.csv", Rows());
    program_.Write("net.yaml",
                   "name: net\ndataset: {name: csv, train: a.csv, target: y}\n"
                   "split: {test_fraction: 0.25}\n"
                   "model: [{name: linear, units: 4}, tanh, {name: linear, units: 1}]\n"
                   "loss: mse\noptimizer: {name: adam, lr: 0.02}\nmetrics: [mae, rmse, r2]\n"
                   "train: {epochs: 6, batch_size: 10}\n");
  }
  Outcome Run(Words words) {
    words.insert(words.begin(), "net.yaml");
    return program_.Run(words);
  }
  std::vector<Json> Epochs(const std::string& folder) const {
    std::istringstream lines(program_.Read(folder + "/metrics.jsonl"));
    std::vector<Json> epochs;
    for (std::string line; std::getline(lines, line);) epochs.push_back(Json::parse(line));
    return epochs;
  }
  std::string FirstLine(const std::string& file) const {
    const std::string text = program_.Read(file);
    return text.substr(0, text.find('\n'));
  }

  Program program_;
};

TEST_F(MetricsTest, ShowEverywhere) {
  const Outcome run = Run({"--out", "runs/a", "evaluate.split=both", "--tensorboard"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(FirstLine("runs/a/metrics.csv"),
            "epoch,train_loss,train_mae,train_rmse,train_r2,test_loss,test_mae,test_rmse,test_r2,"
            "learning_rate,seconds,samples_per_second");
  const Json last = Epochs("runs/a").back();
  const Json summary = Json::parse(program_.Read("runs/a/summary.json"));
  const std::string page = program_.Read("runs/a/report.html");
  const std::string events = program_.Read("runs/a/events.out.tfevents.nabla");
  for (const std::string rows : {"train", "test"}) {
    for (const std::string metric : {"loss", "mae", "rmse", "r2"}) {
      const std::string name = rows + "_" + metric;
      EXPECT_EQ(summary.at(name), last.at(name)) << name;
      EXPECT_TRUE(Contains(page, "<dt>" + rows + " " + metric + "</dt>")) << name;
      EXPECT_TRUE(Contains(page, "\"" + name + "\":[")) << name;
      EXPECT_TRUE(Contains(events, rows + "/" + metric)) << name;
      const std::string said = name == "train_loss" ? "  loss " : "  " + rows + " " + metric + " ";
      EXPECT_TRUE(Contains(run.out, said)) << run.out;
    }
  }
  EXPECT_NEAR(static_cast<double>(last.at("test_rmse")) * static_cast<double>(last.at("test_rmse")),
              last.at("test_loss"), 1e-5);
  EXPECT_TRUE(Contains(program_.Run({"report", "runs/a"}).out, "test r2"));
}

// Results of metrics that only some epochs have get their columns when they come.
TEST_F(MetricsTest, ColumnsAreThoseOfTheRun) {
  ASSERT_EQ(Run({"--out", "a", "evaluate.every=4", "metrics=[r2]"}).code, 0);
  const std::string csv = program_.Read("a/metrics.csv");
  EXPECT_TRUE(csv.starts_with("epoch,train_loss,test_loss,test_r2,learning_rate,")) << csv;
  EXPECT_TRUE(Contains(csv, ",,")) << csv;
  ASSERT_EQ(Run({"--out", "b", "evaluate.split=none"}).code, 0);
  EXPECT_TRUE(program_.Read("b/metrics.csv").starts_with("epoch,train_loss,learning_rate,"));
  ASSERT_EQ(
      Run({"--out", "a", "evaluate.every=4", "metrics=[r2]", "--resume", "train.epochs=8"}).code,
      0);
  EXPECT_TRUE(program_.Read("a/metrics.csv").starts_with(csv.substr(0, csv.find('\n'))));
}

// r2 is better the larger, mae the smaller it is.
TEST_F(MetricsTest, DecideInTheirDirection) {
  for (const std::string metric : {"test_r2", "test_mae", "train_rmse"}) {
    const Outcome run = Run({"--out", metric, "checkpoint.best=" + metric, "evaluate.split=both",
                             "early_stop={metric: " + metric + ", patience: 2}", "optimizer.lr=0.3",
                             "train.epochs=60"});
    ASSERT_EQ(run.code, 0) << run.err;
    const std::vector<Json> epochs = Epochs(metric);
    ASSERT_LT(epochs.size(), 60u) << metric;
    size_t best = 0;
    for (size_t e = 1; e < epochs.size(); ++e) {
      const bool larger = epochs[e][metric] > epochs[best][metric];
      if (epochs[e][metric] != epochs[best][metric] && larger == (metric == "test_r2")) best = e;
    }
    // The training ended two epochs after the best one, whose weights were kept.
    EXPECT_EQ(best + 3, epochs.size()) << metric;
    const Outcome short_run =
        Run({"--out", metric + "_short", "optimizer.lr=0.3", "evaluate.split=both",
             "train.epochs=" + std::to_string(best + 1)});
    const Json summary = Json::parse(program_.Read(metric + "_short/summary.json"));
    EXPECT_TRUE(Contains(program_.Read(metric + "/best.safetensors"), summary["weights_hash"]))
        << metric;
  }
}

TEST_F(MetricsTest, ThatAreNotComputedAreRefused) {
  EXPECT_TRUE(Contains(Run({"checkpoint.best=test_mea"}).err,
                       "unknown metric \"test_mea\"; did you mean \"test_mae\"?"));
  EXPECT_TRUE(Contains(Run({"early_stop.metric=train_mae"}).err,
                       "early_stop.metric is train_mae, but evaluate.split is test"));
  EXPECT_TRUE(Contains(Run({"early_stop.metric=test_accuracy"}).err, "the rows have no classes"));
  EXPECT_EQ(Run({"early_stop.metric=train_loss", "evaluate.split=none"}).code, 0);
  const Outcome sorted = Run({"--seeds", "2", "--sort", "test_r3"});
  EXPECT_EQ(sorted.code, 2);
  EXPECT_TRUE(Contains(sorted.err,
                       "--sort: error: unknown metric \"test_r3\"; did you mean "
                       "\"test_r2\"?"))
      << sorted.err;
  EXPECT_TRUE(Contains(Run({"--sort", "test_r2"}).err, "--sort orders many runs"));
}

TEST_F(MetricsTest, OrderRunsAndSettings) {
  const Outcome swept =
      Run({"--out", "runs/s", "optimizer.lr=0.0001,0.05", "--seeds", "2", "--sort", "test_r2"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_TRUE(Contains(swept.out, "test r2")) << swept.out;
  EXPECT_LT(swept.out.find("\n0.05 "), swept.out.find("\n0.0001 ")) << swept.out;
  EXPECT_EQ(FirstLine("runs/s/sweep.csv"),
            "point,optimizer.lr,seed,status,epoch,train_loss,test_loss,test_mae,test_rmse,test_r2");
  const Json json = Json::parse(program_.Read("runs/s/sweep.json"));
  EXPECT_EQ(json["points"][0]["runs"][1]["test_mae"].size(), 6u);
  const std::string page = program_.Read("runs/s/report.html");
  EXPECT_TRUE(Contains(page, "data-first=\"ascending\">test mae</th>"));
  EXPECT_TRUE(Contains(page, "<th scope=\"col\">test r2</th>"));
  const Json runs = Json::parse(program_.Run({"runs", "--sort", "-test_mae", "--json"}).out);
  ASSERT_EQ(runs.size(), 4u);
  for (size_t r = 1; r < 4; ++r) EXPECT_LE(runs[r - 1]["test_mae"], runs[r]["test_mae"]);
  const Outcome table = program_.Run({"runs", "test_r2<0.5", "--sort", "test_rmse"});
  EXPECT_TRUE(Contains(table.out, "test_rmse   test_r2")) << table.out << table.err;
}

// What a metric cannot say of its rows is missing, and no part of a mean.
TEST_F(MetricsTest, UndefinedOnesAreMissing) {
  std::string rows = "x,kind\n";
  for (int r = 0; r < 40; ++r) rows += std::to_string(r) + (r < 2 ? ",b\n" : ",a\n");
  program_.Write("k.csv", rows);
  const std::string net =
      "name: net\nmodel: [{name: linear, units: 2}]\nloss: cross_entropy\nstandardise: true\n"
      "optimizer: {name: adam, lr: 0.02}\nmetrics: [roc_auc]\ntrain: {epochs: 2}\n";
  program_.Write("net.yaml", net + "dataset: {name: csv, train: k.csv, target: kind}\n");
  // Of five parts of the rows, two at most have one of class b.
  const Outcome swept =
      Run({"--out", "swept", "split.stratify=false", "sweep={folds: 5}", "--sort", "test_roc_auc"});
  ASSERT_EQ(swept.code, 0) << swept.err;
  int known = 0;
  for (int fold = 0; fold < 5; ++fold) {
    const std::string folder = "swept/seed-0-fold-" + std::to_string(fold);
    const Json area = Json::parse(program_.Read(folder + "/summary.json")).at("test_roc_auc");
    EXPECT_EQ(Epochs(folder).back().at("test_roc_auc"), area);
    if (area.is_null()) continue;
    EXPECT_EQ(area, 1);
    ++known;
  }
  EXPECT_TRUE(known == 1 || known == 2) << known;
  EXPECT_TRUE(Contains(swept.out, known == 2 ? " 1 ± 0 " : " 1 ")) << swept.out;
  EXPECT_FALSE(Contains(swept.out, "nan")) << swept.out;
  program_.Write("alike.csv", "x,kind\n1,a\n2,a\n");
  ASSERT_EQ(Run({"--out", "fold", "split={folds: 5, fold: 1, stratify: false}"}).code, 0);
  const Outcome alike = program_.Run({"evaluate", "fold", "alike.csv"});
  EXPECT_TRUE(Contains(alike.out, "roc_auc            nan\n")) << alike.out << alike.err;
  // A single row has no variance.
  program_.Write("a.csv", "x,y\n1,2.5\n2,3.5\n3,1.25\n");
  program_.Write("b.csv", "x,y\n1,2.5\n");
  program_.Write("net.yaml",
                 "name: net\ndataset: {name: csv, train: a.csv, test: b.csv, target: y}\n"
                 "model: [{name: linear, units: 1}]\noptimizer: sgd\ntrain: {epochs: 1}\n");
  ASSERT_EQ(Run({"--out", "row"}).code, 0);
  EXPECT_TRUE(Epochs("row").back().at("test_r2").is_null());
  EXPECT_TRUE(Epochs("row").back().at("test_mae").is_number());
}

// A metric that is not asked for is named with the one that gives it.
TEST_F(MetricsTest, OneToAddIsNamed) {
  const Outcome outcome = Run({"--out", "x", "checkpoint.best=test_f1_micro"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.err,
                       "unknown metric \"test_f1_micro\": it is a result of multilabel; add that "
                       "to `metrics`"))
      << outcome.err;
  EXPECT_TRUE(Contains(Run({"--out", "x", "checkpoint.best=test_r3"}).err,
                       "unknown metric \"test_r3\"; did you mean \"test_r2\"?"));
  const Outcome sorted =
      Run({"--out", "s", "optimizer.lr=0.1,0.2", "--seeds", "1", "--sort", "test_roc_auc"});
  EXPECT_EQ(sorted.code, 2);
  EXPECT_TRUE(Contains(sorted.err, "it is a result of roc_auc; add that to `metrics`"))
      << sorted.err;
}

// A softmax or sigmoid is a layer here and a part of the loss there, and the net is the same one.
TEST_F(MetricsTest, OfProbabilitiesKnowWhatTheNetGives) {
  const auto metrics = [&](const std::string& model, const std::string& loss,
                           const std::string& rows) {
    program_.Write("p.yaml", "name: p\nseed: 3\ndtype: float64\n" + rows + "model: [" + model +
                                 "]\nloss: " + loss +
                                 "\noptimizer: {name: sgd, lr: 0.1}\ntrain: {epochs: 2}\n"
                                 "metrics: [brier, roc_auc, calibration_error]\n");
    const Outcome run = program_.Run({"p.yaml", "--out", "runs/p-" + loss});
    EXPECT_EQ(run.code, 0) << run.err;
    return Epochs("runs/p-" + loss).back();
  };
  const std::string iris = "dataset: iris\nsplit: {test_fraction: 0.2}\n";
  const std::string moons = "dataset: {name: moons, noise: 0.2}\nsplit: {test_fraction: 0.2}\n";
  const auto expect_same = [](const Json& layer, const Json& loss) {
    for (const char* name : {"test_brier", "test_roc_auc", "test_calibration_error"}) {
      EXPECT_NEAR(static_cast<double>(layer.at(name)), static_cast<double>(loss.at(name)), 1e-9)
          << name;
    }
  };
  expect_same(metrics("{name: linear, units: 3}, softmax", "nll", iris),
              metrics("{name: linear, units: 3}", "cross_entropy", iris));
  expect_same(metrics("{name: linear, units: 1}, sigmoid", "bce", moons),
              metrics("{name: linear, units: 1}", "bce_with_logits", moons));
  // Scores that a sigmoid made are taken as they are.
  const Json squares = metrics("{name: linear, units: 1}, sigmoid", "mse", moons);
  EXPECT_NEAR(static_cast<double>(squares.at("test_brier")),
              2 * static_cast<double>(squares.at("test_loss")), 1e-9);
  EXPECT_TRUE(Contains(program_.Read("runs/p-mse/config.yaml"), "input: probabilities"));
  const Outcome wrong = program_.Run({"p.yaml", "model.1=relu", "loss=bce_with_logits",
                                      "metrics.0={name: brier, input: probabilities}"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(Contains(wrong.err, "brier would take logits for probabilities")) << wrong.err;
}

}  // namespace
}  // namespace nabla
