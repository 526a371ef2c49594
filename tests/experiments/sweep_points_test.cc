// The settings that the grids and random draws of a sweep give.
#include "framework/spec/sweep_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugins/builtin.h"
#include "tests/base/complaint.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

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
  return ComplaintOf([&] { Points(sweep); });
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

TEST(SweepPoints, DrawsStayInNarrowRanges) {
  for (const auto& [from, to] : {std::pair("0.9999999", "0.99999999"),
                                 {"0.12345678", "0.12345679"},
                                 {"0.5", "0.5"},
                                 {"1000000", "1000001.5"},
                                 {"1e-300", "1e300"},
                                 {"0.1234567", "0.1234567"}}) {
    for (const std::string scale : {"linear", "log"}) {
      const auto points =
          Points("sweep: {samples: 50, random: {optimizer.lr: {from: " + std::string(from) +
                 ", to: " + to + ", scale: " + scale + "}}}\n");
      for (const SweepPoint& point : points) {
        const double lr = std::stod(point.tree.Find("optimizer")->Find("lr")->text);
        EXPECT_GE(lr, std::stod(from)) << scale;
        EXPECT_LE(lr, std::stod(to)) << scale;
      }
      const bool one = from == std::string(to);
      EXPECT_EQ(points.size() == 1, one) << from << " " << points.size();
      EXPECT_GT(points.size(), one ? 0u : 8u) << from;
    }
  }
}

TEST(SweepPoints, DrawsHaveThePlaceOfTheirRange) {
  EXPECT_TRUE(Contains(Errors("sweep: {random: {optimizer.lr: {from: -3, to: -2}}}\n"),
                       "tiny.yaml:7:32: error: -"))
      << Errors("sweep: {random: {optimizer.lr: {from: -3, to: -2}}}\n");
}

TEST(SweepPoints, DrawsThatRepeatAreLeftOut) {
  Registry registry;
  RegisterBuiltins(registry);
  const auto points = [&](const std::string& sweep, size_t* repeats) {
    std::vector<std::string> labels;
    for (const SweepPoint& point :
         SweepPoints(ParseYaml(kExperiment + sweep, "tiny.yaml"), registry, repeats)) {
      labels.push_back(point.label);
    }
    std::sort(labels.begin(), labels.end());
    return labels;
  };
  size_t repeats = 0;
  EXPECT_EQ(points("sweep: {samples: 20, random: {lr: [0.1, 0.2, 1e-1]}}\n", &repeats).size(), 2u);
  EXPECT_EQ(repeats, 18u);
  EXPECT_EQ(points("sweep: {samples: 20, grid: {batch_size: [10, 20]}, "
                   "random: {train.epochs: {from: 1, to: 2}}}\n",
                   &repeats),
            (std::vector<std::string>{
                "train.batch_size=10, train.epochs=1", "train.batch_size=10, train.epochs=2",
                "train.batch_size=20, train.epochs=1", "train.batch_size=20, train.epochs=2"}));
  EXPECT_EQ(repeats, 36u);
  EXPECT_EQ(points("sweep: {samples: 3, random: {lr: {from: 0.0, to: 1.0}}}\n", &repeats).size(),
            3u);
  EXPECT_EQ(repeats, 0u);
}

TEST(SweepPoints, KeysThatNameNothing) {
  for (const std::string key : {"", " ", ",", " , "}) {
    const std::string message = "error: expected a key, as optimizer.lr, found \"" + key + "\"";
    EXPECT_EQ(Errors("sweep: {grid: {\"" + key + "\": [1, 2]}}\n"), "tiny.yaml:7:16: " + message);
    EXPECT_EQ(Errors("sweep: {random: {\"" + key + "\": [1, 2]}}\n"), "tiny.yaml:7:18: " + message);
  }
  Node tree = ParseYaml(kExperiment, "tiny.yaml");
  EXPECT_TRUE(AddToGrid(tree, ",=0.1,0.2"));
  Registry registry;
  RegisterBuiltins(registry);
  EXPECT_THROW(SweepPoints(tree, registry), InputError);
}

TEST(SweepPoints, KeysThatChangeNoTraining) {
  for (const std::string key : {"sweep.seeds", "sweep", "reproduce.seeds", "investigate.budget"}) {
    EXPECT_EQ(Errors("sweep: {grid: {" + key + ": [1, 2]}}\n"),
              "tiny.yaml:7:16: error: \"" + key + "\" cannot be swept: it changes no training");
    EXPECT_NE(Errors("sweep: {random: {" + key + ": [1, 2]}}\n"), "accepted");
  }
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

TEST(SweepPoints, NoneReplacesWhatAnEarlierOneHasSet) {
  EXPECT_TRUE(
      Contains(Errors("sweep: {grid: {lr: [0.1, 1], optimizer: [sgd, adam]}}\n"),
               "tiny.yaml:7:30: error: \"optimizer\" replaces what \"optimizer.lr\" has set "
               "before it; write \"optimizer.lr\" behind it, or its values into those of "
               "\"optimizer\""))
      << Errors("sweep: {grid: {lr: [0.1, 1], optimizer: [sgd, adam]}}\n");
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {model.0.units: [3]}, random: {model.0: [tanh]}}\n"),
                       "\"model.0\" replaces what \"model.0.units\" has set before it"));
  EXPECT_TRUE(Contains(Errors("sweep: {grid: {lr: [0.1], optimizer.lr: [1]}}\n"),
                       "\"optimizer.lr\" is swept twice"));
  EXPECT_EQ(Points("sweep: {grid: {optimizer: [sgd, adam], lr: [0.1, 1]}}\n").size(), 4u);
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

TEST(SweepPoints, ShortKeysStandForWholeOnes) {
  const auto points = Points("sweep: {grid: {lr: [0.1, 0.2], epochs: [3]}}\n");
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[1].tree.Find("optimizer")->Find("lr")->text, "0.2");
  EXPECT_EQ(points[1].tree.Find("train")->Find("epochs")->text, "3");
  const auto drawn = Points("sweep: {samples: 2, random: {batch: [10, 20], hidden: [4]}}\n");
  EXPECT_EQ(drawn[0].tree.Find("model")->items[0].Find("units")->text, "4");
  EXPECT_EQ(Errors("sweep: {grid: {epoch: [3]}}\n"),
            "tiny.yaml:7:16: error: unknown key \"epoch\"; did you mean train.epochs?");
}

TEST(SweepPoints, FoldsOfTheSweepAndOfTheSplitExcludeEachOther) {
  EXPECT_EQ(Errors("split: {folds: 5}\nsweep: {folds: 3, grid: {lr: [0.1]}}\n"),
            "tiny.yaml:7:16: error: sweep.folds is 3 and gives every run its folds: leave out "
            "split.folds, or sweep.folds");
  EXPECT_NE(Errors("split: {folds: 5, fold: 2}\nsweep: {folds: 5, grid: {lr: [0.1]}}\n"),
            "accepted");
  EXPECT_NE(Errors("sweep: {folds: 3, grid: {split.folds: [2, 4]}}\n"), "accepted");
  EXPECT_EQ(Errors("split: {stratify: true}\nsweep: {folds: 3, grid: {lr: [0.1]}}\n"), "accepted");
  EXPECT_EQ(Errors("split: {test_fraction: 0.2}\nsweep: {folds: 3, grid: {lr: [0.1]}}\n"),
            "tiny.yaml:7:24: error: sweep.folds is 3 and gives every run its folds: leave out "
            "split.test_fraction, or sweep.folds");
  EXPECT_NE(Errors("split: {train_fraction: 0.8}\nsweep: {folds: 3, grid: {lr: [0.1]}}\n"),
            "accepted");
  EXPECT_EQ(Errors("split: {test_fraction: 0.0}\nsweep: {folds: 3, grid: {lr: [0.1]}}\n"),
            "accepted");
}

TEST(SweepPoints, NoValueIsListedTwice) {
  EXPECT_EQ(Errors("sweep: {grid: {lr: [0.1, 0.2, 0.1]}}\n"),
            "tiny.yaml:7:31: error: \"lr\" lists 0.1 twice; more runs of a setting are `seeds: N`");
  EXPECT_EQ(Errors("sweep: {grid: {batch_size: [20, 10], lr: [0.1, 1e-1]}}\n"),
            "tiny.yaml:7:48: error: \"lr\" lists 1e-1, which is 0.1; more runs of a setting are "
            "`seeds: N`");
  EXPECT_EQ(Errors("sweep: {grid: {loss: [cross_entropy, {name: cross_entropy}], "
                   "seed: [1, 2]}, random: {lr: [0.1, 0.2]}, samples: 2}\n"),
            "tiny.yaml:7:38: error: \"loss\" lists cross_entropy twice; more runs of a setting are "
            "`seeds: N`");
  EXPECT_EQ(Errors("sweep: {grid: {optimizer: [sgd, {name: sgd, momentum: 0.9}]}}\n"), "accepted");
}

}  // namespace
}  // namespace nabla
