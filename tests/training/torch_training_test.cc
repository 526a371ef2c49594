// Class weights, against PyTorch: torch_training.py printed the numbers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/training/cases.h"

namespace nabla {
namespace {

std::vector<Case> Cases() { return ReadCases("tests/training/torch_training.txt"); }

Case Named(const std::string& name) {
  for (Case& found : Cases()) {
    if (found.name == name) return found;
  }
  ADD_FAILURE() << name;
  return {};
}

TEST(TorchTrainingTest, EveryCaseHasTheMetricsOfPyTorch) {
  const std::vector<Case> cases = Cases();
  ASSERT_EQ(cases.size(), 5u);
  for (const Case& known : cases) ExpectMetrics(known, 1e-11);
}

TEST(TorchTrainingTest, ThreadsChangeNothing) {
  for (const Case& known : Cases()) {
    Trained one(known.yaml, 1);
    Trained three(known.yaml, 3);
    EXPECT_EQ(one.experiment.network().Hash(), three.experiment.network().Hash()) << known.name;
  }
}

// The sums of shards are added in another order, which is all that shards may change.
TEST(TorchTrainingTest, ShardsWeighTheWholeBatch) {
  for (Case& known : Cases()) {
    known.yaml.replace(known.yaml.find("batch_size: 3"), 13, "batch_size: 3, gradient_shards: 4");
    ExpectMetrics(known, 1e-10);
  }
}

TEST(TorchTrainingTest, ContradictionsAreRefused) {
  const std::string weighted = Named("weighted cross entropy").yaml;
  ExpectRefused(weighted, "[1, 0.5, 4]", "[1, 0.5]",
                "class_weights has 2 weights, but the rows have 3 classes");
  ExpectRefused(weighted, "cross_entropy", "{name: cross_entropy, label_smoothing: 0.1}",
                "class_weights cannot be combined with label_smoothing");
  ExpectRefused(weighted, "loss: cross_entropy", "loss: mse\ntargets: inputs",
                "class_weights: the rows have no classes");
}

}  // namespace
}  // namespace nabla
