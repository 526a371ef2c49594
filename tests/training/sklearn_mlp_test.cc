// Experiments reach what scikit-learn's multilayer perceptrons reach on the same rows.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

// The least and the greatest of 20 seeds, as sklearn_mlp.py beside this file prints them.
struct Spread {
  double least;
  double most;
};
using Known = std::map<std::string, Spread>;
const Known kIris = {{"test_accuracy", {1, 1}}, {"test_loss", {0.02063, 0.03925}}};
const Known kWine = {{"test_accuracy", {0.97222, 1.00000}}, {"test_loss", {0.00321, 0.03111}}};
const Known kBreastCancer = {{"test_accuracy", {0.94737, 0.97368}},
                             {"test_loss", {0.05190, 0.14174}}};
const Known kDigits = {{"test_accuracy", {0.96667, 0.98056}}, {"test_loss", {0.09376, 0.18647}}};
const Known kPassengers = {{"test_accuracy", {0.76667, 0.82222}},
                           {"test_loss", {0.39892, 0.44918}}};
const Known kDiabetes = {{"test_mae", {45.01059, 50.86606}},
                         {"test_rmse", {57.39136, 64.68216}},
                         {"test_r2", {0.18412, 0.35768}}};

Json LastEpoch(const Program& program, const std::string& folder) {
  std::istringstream lines(program.Read(folder + "/metrics.jsonl"));
  Json last;
  for (std::string line; std::getline(lines, line);) last = Json::parse(line);
  return last;
}

// The mean over some seeds lies within the spread of single ones.
void ExpectWithin(const std::string& name, const Known& known, const std::string& yaml = "") {
  constexpr int kSeeds = 5;
  Program program;
  if (!yaml.empty()) program.Write(name + ".yaml", yaml);  // otherwise it is bundled
  std::map<std::string, double> means;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const std::string out = "o" + std::to_string(seed);
    const Outcome run =
        program.Run({name + ".yaml", "--seed", std::to_string(seed), "--quiet", "--out", out});
    ASSERT_EQ(run.code, 0) << run.err;
    const Json last = LastEpoch(program, out);
    for (const auto& [metric, spread] : known) {
      means[metric] += last.at(metric).get<double>() / kSeeds;
    }
  }
  for (const auto& [metric, spread] : known) {
    EXPECT_GE(means[metric], spread.least - 1e-9) << name << " " << metric;
    EXPECT_LE(means[metric], spread.most + 1e-9) << name << " " << metric;
  }
}

// One hidden layer on standardised inputs, trained on four fifths of the rows.
std::string Classifier(const std::string& dataset, const std::string& units,
                       const std::string& outputs, const std::string& rate,
                       const std::string& train) {
  return "name: net\ndataset: " + dataset +
         "\nsplit: {test_fraction: 0.2, permutation: numpy}\nstandardise: true\n" +
         "model: [{name: linear, units: " + units + "}, relu, {name: linear, units: " + outputs +
         "}]\noptimizer: {name: adam, lr: " + rate + "}\ntrain: " + train + "\n";
}

TEST(SklearnMlpTest, Iris) { ExpectWithin("iris", kIris); }
TEST(SklearnMlpTest, Wine) {
  ExpectWithin("wine", kWine,
               Classifier("wine", "16", "3", "0.01", "{batch_size: 16, epochs: 20}"));
}
TEST(SklearnMlpTest, BreastCancer) {
  ExpectWithin("breast_cancer", kBreastCancer,
               Classifier("breast_cancer", "16", "1", "0.005", "{batch_size: 32, epochs: 20}"));
}
TEST(SklearnMlpTest, Digits) {
  ExpectWithin("digits8x8", kDigits,
               Classifier("digits8x8", "32", "10", "0.005", "{batch_size: 64, epochs: 15}"));
}
TEST(SklearnMlpTest, Passengers) { ExpectWithin("passengers", kPassengers); }
TEST(SklearnMlpTest, Diabetes) { ExpectWithin("diabetes", kDiabetes); }

// Every metric that was asked for shows wherever loss and accuracy do.
TEST(SklearnMlpTest, AskedMetricsShow) {
  Program program;
  const Outcome run = program.Run({"diabetes.yaml", "--out", "runs/d"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "  test mae ")) << run.out;
  EXPECT_TRUE(Contains(run.out, "  test rmse "));
  EXPECT_TRUE(Contains(run.out, "  test r2 "));
  const std::string csv = program.Read("runs/d/metrics.csv");
  EXPECT_TRUE(Contains(csv, "train_loss,test_loss,test_mae,test_rmse,test_r2,learning_rate,"))
      << csv;
  const Json last = LastEpoch(program, "runs/d");
  const Json summary = Json::parse(program.Read("runs/d/summary.json"));
  EXPECT_EQ(summary.at("test_r2"), last.at("test_r2"));
  EXPECT_EQ(summary.at("test_mae"), last.at("test_mae"));
  EXPECT_EQ(program.Run({"runs", "test_r2>0", "--sort", "test_mae"}).code, 0);
  EXPECT_EQ(program.Run({"runs", "--sort", "-test_rmse"}).code, 0);
}

}  // namespace
}  // namespace nabla
