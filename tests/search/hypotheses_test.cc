#include "framework/search/hypotheses.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/edit_text.h"
#include "framework/spec/spec.h"
#include "plugins/builtin.h"
#include "tests/base/complaint.h"

namespace nabla {
namespace {

TEST(Hypotheses, KeysOfAGridNameSomething) {
  const Node grid = ParseYaml("lr: [1]\n\" ,\": [1, 2]\n", "grid");
  EXPECT_EQ(ComplaintOf([&] { HypothesesOfGrid(grid); }),
            "grid:2:1: error: expected a key, as optimizer.lr, found \" ,\"");
}

constexpr const char* kNet = R"(name: net
dataset: {name: mnist, scale: 255}
model: [{name: linear, units: 9, weight: xavier_normal}, relu, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.3}
train: {batch_size: 30, epochs: 20}
evaluate: {split: test}
reference:
  - {metric: train_loss, epochs: 1..17, printed: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}
  - {metric: test_accuracy, epochs: [2, 4], printed: [0.5, 0.6]}
)";

class HypothesesTest : public testing::Test {
 protected:
  HypothesesTest() {
    RegisterBuiltins(registry_);
    tree_ = ParseYaml(kNet, "test");
  }

  std::vector<Hypothesis> All(const std::string& yaml = kNet) {
    tree_ = ParseYaml(yaml, "test");
    const AnySpec spec = ParseAnyExperiment(tree_, registry_);
    return HypothesesOn(ResolvedConfig(spec), {.rows = 60000, .classes = 10}, registry_);
  }

  // The experiment that the named one makes; an empty one if there is none.
  Node Made(const std::vector<Hypothesis>& all, const std::string& name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& h) { return h.name == name; });
    EXPECT_NE(found, all.end()) << name;
    return found == all.end() ? Node() : Applied(*found, tree_);
  }

  std::string At(const Node& tree, std::vector<std::string> keys) {
    const Node* node = &tree;
    for (const std::string& key : keys) {
      if (node->IsList()) {
        node = &node->items.at(std::stoul(key));
      } else {
        node = node->Find(key);
      }
      if (node == nullptr) return "nothing";
    }
    return InlineYaml(*node);
  }

  Registry registry_;
  Node tree_;
};

TEST_F(HypothesesTest, NameWhatTheyChange) {
  const std::vector<Hypothesis> all = All();
  EXPECT_EQ(At(Made(all, "optimizer.lr = 0.6"), {"optimizer", "lr"}), "0.6");
  EXPECT_EQ(At(Made(all, "optimizer.lr = 0.01"), {"optimizer", "lr"}), "0.01") << "rate / B";
  EXPECT_EQ(At(Made(all, "train.rows_per_epoch = 10000"), {"train", "rows_per_epoch"}), "10000");
  EXPECT_EQ(At(Made(all, "train.shuffle = false"), {"train", "shuffle"}), "false");
  EXPECT_EQ(At(Made(all, "model.0.units = 18"), {"model", "0", "units"}), "18");
  EXPECT_EQ(At(Made(all, "activation tanh"), {"model", "1"}), "tanh");
  EXPECT_EQ(At(Made(all, "no bias"), {"model", "2", "bias"}), "false");
  EXPECT_EQ(At(Made(all, "weights he_normal"), {"model", "2", "weight"}), "he_normal");
  EXPECT_EQ(At(Made(all, "weights x 2"), {"model", "0", "weight"}),
            "{name: xavier_normal, gain: 2, layout: in_out}");
  EXPECT_EQ(At(Made(all, "inputs (x - 0.5) / 0.5"), {"dataset", "std"}), "0.5");
  EXPECT_EQ(At(Made(all, "standardise = true, standardise_by = each_split"), {"standardise_by"}),
            "each_split");
  EXPECT_EQ(At(Made(all, "evaluate.train_loss = after"), {"evaluate", "train_loss"}), "after");
  EXPECT_EQ(At(Made(all, "train.order = replacement"), {"train", "order"}), "replacement");
  EXPECT_EQ(At(Made(all, "penalties = [{l2: 0.01, shown: none}]"), {"penalties", "0", "shown"}),
            "none");
  const Node later = Made(all, "the printed epochs are 60 later");
  EXPECT_EQ(At(later, {"reference", "0", "epochs"}), "61..77");
  EXPECT_EQ(At(later, {"reference", "1", "epochs"}), "[62, 64]");
  EXPECT_EQ(At(later, {"train", "epochs"}), "80");
  const Node other = Made(all, "test_accuracy is train_accuracy");
  EXPECT_EQ(At(other, {"reference", "1", "metric"}), "train_accuracy");
  EXPECT_EQ(At(other, {"evaluate", "split"}), "both");
}

// A tenth of the epochs, or from the first one, where all were printed later.
TEST_F(HypothesesTest, PrintedEpochsMayBeEarlier) {
  std::string tens = kNet;
  tens.replace(tens.find("epochs: 1..17"), 13, "epochs: 20..180/10");
  tens.replace(tens.find("epochs: 20}"), 11, "epochs: 180}");
  tens.replace(tens.find("[2, 4]"), 6, "[20, 40]");
  const std::vector<Hypothesis> all = All(tens);
  const Node tenth = Made(all, "the printed epochs are those divided by 10");
  EXPECT_EQ(At(tenth, {"reference", "0", "epochs"}), "2..18");
  EXPECT_EQ(At(tenth, {"train", "epochs"}), "180");
  EXPECT_EQ(At(Made(all, "the printed epochs are 19 earlier"), {"reference", "1", "epochs"}),
            "[1, 21]");
  EXPECT_EQ(At(Made(all, "the printed epochs are 30 later"), {"reference", "1", "epochs"}),
            "[50, 70]");
  for (const Hypothesis& one : All()) EXPECT_FALSE(one.name.ends_with("divided by 10")) << "1..17";
}

TEST_F(HypothesesTest, AnotherOptimizerHasARateOfItsOwn) {
  const std::vector<Hypothesis> all = All();
  EXPECT_EQ(At(Made(all, "optimizer = {name: adam, lr: 0.01}"), {"optimizer", "lr"}), "0.01");
  EXPECT_EQ(At(Made(all, "optimizer = {name: adam, lr: 0.3}"), {"optimizer", "lr"}), "0.3");
}

// Measures are brought to a range; pixels are divided.
TEST_F(HypothesesTest, InputsMayHaveARange) {
  std::string iris = kNet;
  iris.replace(iris.find("{name: mnist, scale: 255}"), 25, "iris\nstandardise: true");
  const Node made = Made(All(iris), "inputs from 0 to 1 (min_max)");
  EXPECT_EQ(At(made, {"min_max"}), "[0, 1]");
  EXPECT_EQ(At(made, {"standardise"}), "false");
  EXPECT_NO_THROW(ParseAnyExperiment(made, registry_));
  for (const Hypothesis& one : All()) EXPECT_FALSE(one.name.ends_with("(min_max)"));
}

TEST_F(HypothesesTest, NoTwoAboutMetricsHaveOneName) {
  std::set<std::string> names;
  for (const Hypothesis& one : All()) {
    if (one.family != "metric") continue;
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
  }
  EXPECT_GT(names.size(), 3u);
}

TEST_F(HypothesesTest, ThatChangeTheirOwnKeysAreExperiments) {
  size_t valid = 0;
  std::set<std::string> trees;
  const std::vector<Hypothesis> all = All();
  for (const Hypothesis& one : all) {
    try {
      ParseAnyExperiment(Applied(one, tree_), registry_);
      ++valid;
    } catch (const InputError& e) {
      EXPECT_TRUE(one.family == "loss" || one.family == "optimizer") << one.name << e.what();
    }
  }
  EXPECT_GT(valid, 100u);
  EXPECT_GT(valid, all.size() * 8 / 10);
}

TEST_F(HypothesesTest, HaveFamiliesThatAreKnown) {
  const std::vector<std::string> families = HypothesisFamilies();
  std::set<std::string> used;
  for (const Hypothesis& one : All()) used.insert(one.family);
  for (const std::string& family : used) {
    EXPECT_NE(std::find(families.begin(), families.end(), family), families.end()) << family;
  }
  EXPECT_GE(used.size(), families.size() - 3) << "all but the file's own, seeds and executions";
}

TEST_F(HypothesesTest, PrintedLossesNeedNoSetting) {
  size_t count = 0;
  for (const Hypothesis& one : All()) {
    if (one.family != "printed loss") continue;
    ++count;
    EXPECT_NE(one.loss_factor, 1) << one.name;
    EXPECT_TRUE(one.settings.empty()) << one.name;
  }
  EXPECT_EQ(count, 10u);
}

TEST_F(HypothesesTest, AnExperimentWithNothingToPrintHasNoShifts) {
  const std::string without = std::string(kNet).substr(0, std::string(kNet).find("reference:"));
  for (const Hypothesis& one : All(without)) {
    EXPECT_NE(one.family, "epochs");
    EXPECT_NE(one.family, "printed loss");
  }
}

TEST_F(HypothesesTest, LayersWithNothingBetweenThemMayLackActivations) {
  std::string linear = kNet;
  linear.replace(linear.find("relu, "), 6, "");
  const Node made = Made(All(linear), "tanh between the layers");
  ASSERT_EQ(made.Find("model")->items.size(), 3u);
  EXPECT_EQ(made.Find("model")->items[1].text, "tanh");
}

TEST_F(HypothesesTest, OfTheFilesGrid) {
  const Node grid = ParseYaml("{\"train.epochs, seed\": [3, 4], loss: [mse]}", "test");
  const std::vector<Hypothesis> all = HypothesesOfGrid(grid);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].name, "train.epochs, seed = 4");
  ASSERT_EQ(all[1].settings.size(), 2u);
  EXPECT_EQ(all[1].settings[1].path, "seed");
  EXPECT_EQ(all[2].family, "grid");
}

// One execution of a cell prints a metric once.
TEST_F(HypothesesTest, RepeatedListsAreOfSeveralExecutions) {
  std::string twice = kNet;
  twice += "  - {metric: train_loss, epochs: 1..2, printed: [3, 2]}\n";
  const std::vector<Hypothesis> all = All(twice);
  const Node anew = Made(all, "the figures are of 2 executions, each from new weights");
  EXPECT_EQ(At(anew, {"reference", "0", "list"}), "nothing");
  EXPECT_EQ(At(anew, {"reference", "2", "list"}), "execution 2");
  const Node on = Made(all, "the figures are of 2 executions that continue each other");
  EXPECT_EQ(At(on, {"reference", "0", "epochs"}), "1..17");
  EXPECT_EQ(At(on, {"reference", "2", "epochs"}), "21..22");
  EXPECT_EQ(At(on, {"train", "epochs"}), "40");
  for (const Hypothesis& one : All()) EXPECT_FALSE(one.name.starts_with("the figures are"));
}

TEST_F(HypothesesTest, ShiftsReplaceSteps) {
  std::string steps = kNet;
  steps.replace(steps.find("epochs: 1..17"), 13, "steps: 0..16");
  const Node later = Made(All(steps), "the printed epochs are 20 later");
  EXPECT_EQ(At(later, {"reference", "0", "epochs"}), "21..37");
  EXPECT_NO_THROW(ParseAnyExperiment(later, registry_));
}

TEST_F(HypothesesTest, SeedsAreForExactLists) {
  const auto seeds = [&](const std::string& yaml) {
    tree_ = ParseYaml(yaml, "test");
    return SeedHypotheses(ResolvedConfig(ParseAnyExperiment(tree_, registry_)));
  };
  EXPECT_TRUE(seeds(kNet).empty());
  std::string exact = std::string(kNet) + "rng: torch\n";
  exact.replace(exact.find("{metric: train_loss"), 19, "{exact: true, metric: train_loss");
  const std::vector<Hypothesis> all = seeds(exact);
  EXPECT_GT(all.size(), 60u);
  EXPECT_EQ(all[0].name, "seed = 0, rng = torch") << "the file's own generator first";
  EXPECT_EQ(At(Made(all, "seed = 42, rng = numpy"), {"seed"}), "42");
  exact.replace(exact.find("rng: torch"), 10, "rng: nabla");
  EXPECT_EQ(seeds(exact)[0].name, "seed = 0, rng = nabla") << "is one of them, too";
}

TEST_F(HypothesesTest, JoinWhereTheyAgree) {
  const auto one = [](const char* family, const char* path, const char* value) {
    return Hypothesis{.name = path, .family = family, .settings = {{path, Node::Scalar(value)}}};
  };
  const Hypothesis rate = one("rate", "optimizer.lr", "1");
  const Hypothesis adam = one("optimizer", "optimizer", "adam");
  const Hypothesis units = one("units", "model.0.units", "4");
  const Hypothesis layers = one("activation", "model", "[relu]");
  EXPECT_TRUE(Agree(rate, units));
  EXPECT_FALSE(Agree(rate, rate)) << "of one family";
  EXPECT_FALSE(Agree(rate, adam)) << "both set the rate";
  EXPECT_FALSE(Agree(layers, units)) << "the index would be another layer's";
  const Hypothesis both = Joined(rate, units);
  EXPECT_EQ(both.name, "optimizer.lr and model.0.units");
  EXPECT_EQ(both.settings.size(), 2u);
  EXPECT_EQ(both.changes, 2u);
}

// New numbers are tried between what the file says and its neighbours, too.
TEST_F(HypothesesTest, WhatTheFileSays) {
  const Node resolved = ResolvedConfig(ParseAnyExperiment(tree_, registry_));
  EXPECT_EQ(WrittenNumber(resolved, "optimizer.lr", 60000), 0.3);
  EXPECT_EQ(WrittenNumber(resolved, "model.0.units", 60000), 9);
  EXPECT_EQ(WrittenNumber(resolved, "train.rows_per_epoch", 60000), 60000) << "all";
  EXPECT_EQ(WrittenNumber(resolved, "model.0", 60000), std::nullopt);
  EXPECT_EQ(WrittenNumber(resolved, "model.7.units", 60000), std::nullopt);
}

TEST_F(HypothesesTest, NumbersKeepTheirKind) {
  Hypothesis rows{.name = "", .family = "rows", .settings = {{"a", Node::Scalar("10")}}};
  rows.narrows = rows.whole = true;
  EXPECT_EQ(WithNumber(rows, 12.4).name, "a = 12");
  rows.whole = false;
  EXPECT_EQ(WithNumber(rows, 0.125).settings[0].value.text, "0.125");
  EXPECT_EQ(WithNumber(rows, 0.125).rarity, 1);
  EXPECT_EQ(WithNumber(rows, 0.03).rarity, 0) << "people like few digits";
}

}  // namespace
}  // namespace nabla
