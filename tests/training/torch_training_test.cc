// Class weights, row weights, layers with rates of their own, and rates that follow a metric,
// against PyTorch: torch_training.py printed the numbers.
#include <gtest/gtest.h>

#include <algorithm>
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
  ASSERT_EQ(cases.size(), 19u);
  // A plateau of 16 epochs at a rate of 2 makes small differences large.
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

std::vector<double> Values(const Network<double>& network, size_t parameter) {
  const Matrix<const double> value = network.parameters()[parameter].value.view();
  std::vector<double> values;
  for (size_t r = 0; r < value.rows; ++r) {
    values.insert(values.end(), value.Row(r), value.Row(r) + value.cols);
  }
  return values;
}

TEST(TorchTrainingTest, FrozenLayersKeepTheirBits) {
  for (const std::string name : {"a frozen layer", "a frozen layer of adam"}) {
    const std::string yaml = Named(name).yaml;
    Built untrained(yaml);
    Trained trained(yaml);
    Network<double>& network = trained.experiment.network();
    for (const size_t frozen : {0, 1}) {
      EXPECT_EQ(Values(network, frozen), Values(untrained.experiment.network(), frozen)) << name;
      for (const auto& state : trained.experiment.trainer().step().states()[frozen]) {
        EXPECT_EQ(state.view()(0, 0), 0) << name;
      }
    }
    EXPECT_NE(Values(network, 2), Values(untrained.experiment.network(), 2)) << name;
  }
}

// A scale of 1 is the plain rate to the last bit.
TEST(TorchTrainingTest, AScaleOfOneChangesNothing) {
  const std::string yaml = Named("weighted cross entropy").yaml;
  Trained plain(yaml);
  Trained scaled(yaml + "layer_updates: [{layers: [0, 2], lr_scale: 1}]\n");
  EXPECT_EQ(plain.experiment.network().Hash(), scaled.experiment.network().Hash());
}

// In the middle of a residual, and below layers without parameters.
TEST(TorchTrainingTest, FreezesPartsOfADeepNet) {
  const std::string yaml =
      "name: deep\ndtype: float64\ndataset: {name: blobs, points: 60}\n"
      "model:\n  - {name: linear, units: 6}\n  - batch_norm\n"
      "  - {name: residual, layers: [{name: linear, units: 6}, relu, {name: linear, units: 6}]}\n"
      "  - {name: linear, units: 3}\noptimizer: {name: adam, lr: 0.01}\n"
      "train: {batch_size: 20, epochs: 2, clip_norm: 0.5, norms: true}\n"
      "split: {test_fraction: 0.5}\nlayer_updates: [{layers: [";
  Trained all(yaml + "3], lr_scale: 0.5}]\n");
  for (const std::string frozen : {"0", "2", "0, 1, 2", "0, 3"}) {
    Trained some(yaml + frozen + "], lr_scale: 0}]\n", 2);
    Network<double>& network = some.experiment.network();
    const EpochMetrics& last = some.history().back();
    for (size_t p = 0; p < network.parameters().size(); ++p) {
      const Parameter<double>& parameter = network.parameters()[p];
      const bool listed = frozen.find(parameter.name.substr(0, 1)) != std::string::npos;
      EXPECT_EQ(parameter.frozen, listed && parameter.trained) << frozen << " " << parameter.name;
      const auto of_gradient = std::ranges::count_if(
          last.gradient_norms, [&](const auto& norm) { return norm.first == parameter.name; });
      EXPECT_EQ(of_gradient, parameter.IsUpdated() ? 1 : 0) << frozen << " " << parameter.name;
    }
    EXPECT_NE(network.Hash(), all.experiment.network().Hash());
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
  const std::string frozen = Named("a frozen layer").yaml;
  ExpectRefused(frozen, "layers: [0]", "layers: [1]",
                "layer_updates.0.layers has 1, but model.1 has no parameters to train");
  ExpectRefused(frozen, "layers: [0]", "layers: [0, 7]", "layer_updates.0.layers has 7");
  ExpectRefused(frozen, "layers: [0]", "layers: [0, 2]", "nothing to train");
  ExpectRefused(frozen, "lr_scale: 0}", "lr_scale: 0}, {layers: [0], lr_scale: 1}",
                "layer_updates.1.layers has 0, which layer_updates.0 has already");
  ExpectRefused(frozen, "lr_scale: 0", "weight_decay: -1", "must be >= 0");
  const std::string plateau = Named("a plateau").yaml;
  ExpectRefused(plateau, "{factor", "{metric: test_r2, factor",
                "reduce_on_plateau.metric is test_r2, which none of the metrics gives");
}

}  // namespace
}  // namespace nabla
