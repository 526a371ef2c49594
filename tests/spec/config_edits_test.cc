#include "framework/spec/config_edits.h"

#include <gtest/gtest.h>

namespace nabla {
namespace {

constexpr const char* kA = R"(
name: one
seed: 1
dataset: {name: csv, train: a.csv, scale: 255}
model:
  - {name: linear, units: 8, weight: {name: normal, std: 0.1}}
  - relu
  - {name: linear, units: 3, weight: {name: normal, std: 0.1}}
optimizer: {name: sgd, lr: 0.1}
train: {epochs: 2, norms: false}
subset: [1, 2]
)";

// The paths in which kA differs from kA with one text replaced.
std::vector<std::string> Paths(const std::string& from, const std::string& to) {
  const Node a = ParseYaml(kA, "a");
  std::string text = kA;
  text.replace(text.find(from), from.size(), to);
  const Node b = ParseYaml(text, "b");
  const std::vector<ConfigEdit> edits = EditsBetween(a, b);
  // Whatever they are, they lead from a to b and back, up to the order of keys.
  EXPECT_TRUE(EditsBetween(WithEdits(a, edits), b).empty()) << text;
  EXPECT_TRUE(EditsBetween(WithEdits(b, EditsBetween(b, a)), a).empty()) << text;
  std::vector<std::string> paths;
  for (const ConfigEdit& edit : edits) paths.push_back(edit.path);
  return paths;
}

using Strings = std::vector<std::string>;

TEST(ConfigEdits, AreAsSmallAsTheyCanBe) {
  EXPECT_EQ(Paths("seed: 1", "seed: 1"), Strings{});
  EXPECT_EQ(Paths("seed: 1", "seed: 2"), Strings{"seed"});
  EXPECT_EQ(Paths("lr: 0.1", "lr: 0.5, momentum: 0.9"),
            (Strings{"optimizer.lr", "optimizer.momentum"}));
  EXPECT_EQ(Paths("a.csv, scale: 255", "b.csv"), (Strings{"dataset.train", "dataset.scale"}));
  EXPECT_EQ(Paths("std: 0.1}}\n  - relu", "std: 0.2}}\n  - relu"), Strings{"model.0.weight.std"});
}

TEST(ConfigEdits, ReplaceWhatHasNothingInCommonAsAWhole) {
  EXPECT_EQ(Paths("name: sgd", "name: adam"), Strings{"optimizer"});
  EXPECT_EQ(Paths("- relu", "- tanh"), Strings{"model.1"});
  EXPECT_EQ(Paths("- relu", "- {name: elu, alpha: 2}"), Strings{"model.1"});
  EXPECT_EQ(Paths("  - relu\n", ""), Strings{"model"});
  EXPECT_EQ(Paths("[1, 2]", "[1, 3]"), Strings{"subset"});
  EXPECT_EQ(Paths("[1, 2]", "{train: 3}"), Strings{"subset"});
  EXPECT_EQ(Paths("{name: normal, std: 0.1}}\n  - relu", "zeros}\n  - relu"),
            Strings{"model.0.weight"});
}

TEST(ConfigEdits, KnowWhatATrainingDependsOn) {
  for (const char* path : {"name", "plugins", "reference", "sweep", "train.norms"}) {
    EXPECT_FALSE((ConfigEdit{.path = path, .a = {}, .b = {}}.ChangesTraining())) << path;
  }
  for (const char* path :
       {"seed", "model", "model.0.name", "train.epochs", "evaluate.train_loss"}) {
    EXPECT_TRUE((ConfigEdit{.path = path, .a = {}, .b = {}}.ChangesTraining())) << path;
  }
  // Keys of a grid have dots: they are not taken for paths.
  const Node a = ParseYaml("sweep: {grid: {optimizer.lr: [1, 2]}}", "a");
  const Node b = ParseYaml("sweep: {grid: {optimizer.lr: [1, 2, 3]}}", "b");
  ASSERT_EQ(EditsBetween(a, b).size(), 1u);
  EXPECT_EQ(EditsBetween(a, b)[0].path, "sweep");
}

}  // namespace
}  // namespace nabla
