// Notebooks whose random numbers are known, against runs that PyTorch and NumPy made.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/record/run_metrics.h"
#include "framework/training/experiment.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

// Sanitizers look at the same code in a fraction of the training.
#ifdef NABLA_SANITIZED
constexpr size_t kSigmoidEpochs = 1;
constexpr size_t kThreeLayerValues = 1;
constexpr int kSeeds = 2;
#else
constexpr size_t kSigmoidEpochs = 80;
constexpr size_t kThreeLayerValues = 11;
constexpr int kSeeds = 10;
#endif

std::string ReadText(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Trains a bundled experiment for its first `epochs` epochs.
template <typename T>
RunMetrics Train(const std::string& file, int64_t epochs, int64_t seed = 0) {
  Registry registry;
  RegisterBuiltins(registry);
  Node tree = ParseYaml(ReadText("experiments/" + file), file);
  ApplyOverride(tree, "train.epochs=" + std::to_string(epochs));
  ApplyOverride(tree, "seed=" + std::to_string(seed));
  const ExperimentSpec<T> spec = ParseExperiment<T>(tree, registry);
  FilesOptions options;
  options.env_dir = std::getenv("NABLA_DATA");
  options.offline = true;
  Files files(options);
  const DataSplits data = PrepareData(spec, spec.dataset->Load(files));
  Threads threads(UsableCores());
  Experiment<T> experiment(spec, registry, data, threads);
  EXPECT_TRUE(experiment.trainer().Run({}));
  return {experiment.trainer().history(), experiment.initial_losses()};
}

class NotebookTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("NABLA_DATA");
    if (data == nullptr || !std::filesystem::is_directory(data)) {
      GTEST_SKIP() << "NABLA_DATA names no folder (it must be absolute): no real MNIST";
    }
  }
};

// notebook_001.csv: a run of the same computation in NumPy with PyTorch's weights and orders.
TEST_F(NotebookTest, SigmoidXavierFollowsPyTorchForEightyEpochs) {
  const RunMetrics run = Train<float>("mnist_sigmoid_xavier.yaml", kSigmoidEpochs);
  EXPECT_NEAR(run.initial_losses.at(8), 2.402099, 1e-6);  // the notebook prints 2.4021
  std::istringstream table(ReadText("tests/training/notebook_001.csv"));
  std::string line;
  std::getline(table, line);
  size_t epoch = 0;
  for (; epoch < kSigmoidEpochs && std::getline(table, line); ++epoch) {
    int number = 0;
    double loss = 0;
    double train_right = 0;
    double test_right = 0;
    ASSERT_EQ(
        std::sscanf(line.c_str(), "%d,%lf,%lf,%lf", &number, &loss, &train_right, &test_right), 4);
    ASSERT_LT(epoch, run.epochs.size());
    const EpochMetrics& ours = run.epochs[epoch];
    EXPECT_NEAR(ours.train_loss, loss, 1e-6) << "epoch " << number;
    EXPECT_NEAR(*ours.train_accuracy * 60000, train_right, 2) << "epoch " << number;
    EXPECT_NEAR(*ours.test_accuracy * 10000, test_right, 2) << "epoch " << number;
  }
  EXPECT_EQ(epoch, kSigmoidEpochs);
}

// The same split, weights and arithmetic in NumPy, float64, seed 0.
TEST_F(NotebookTest, FullBatchFollowsNumPy) {
  const RunMetrics run = Train<double>("mnist_full_batch.yaml", 5);
  const std::vector<double> losses = {2.30175893, 2.29055192, 2.27800963, 2.26161699, 2.23901613};
  for (size_t epoch = 0; epoch < losses.size(); ++epoch) {
    EXPECT_NEAR(run.epochs[epoch].train_loss, losses[epoch], 1e-8);
  }
}

// Mean and standard deviation of 30 runs of the notebook's computation in NumPy, by epoch; the last
// pair is the test accuracy. Our mean of kSeeds runs must lie within two standard errors.
TEST_F(NotebookTest, ThreeLayerHasTheDistributionOfTheNotebook) {
  const std::vector<std::pair<double, double>> theirs = {
      {18.65014, 0.73185}, {11.94472, 0.58808}, {9.01403, 0.44635}, {7.46879, 0.35208},
      {6.50462, 0.29028},  {5.83922, 0.24965},  {5.34729, 0.21978}, {4.96490, 0.19622},
      {4.65823, 0.17717},  {4.40463, 0.16209},  {0.76333, 0.00930}};
  constexpr size_t kEpochs = std::min<size_t>(kThreeLayerValues, 10);
  std::vector<double> means(theirs.size());
  for (int64_t seed = 0; seed < kSeeds; ++seed) {
    const RunMetrics run = Train<float>("mnist_3layer.yaml", kEpochs, seed);
    for (size_t epoch = 0; epoch < kEpochs; ++epoch) {
      means[epoch] += run.epochs[epoch].train_loss / kSeeds;
    }
    means[10] += *run.epochs.back().test_accuracy / kSeeds;
  }
  for (size_t i = 0; i < kThreeLayerValues; ++i) {
    const double error = theirs[i].second * std::sqrt(1.0 / 30 + 1.0 / kSeeds);
    EXPECT_NEAR(means[i], theirs[i].first, 2 * error) << "metric " << i;
  }
}

}  // namespace
}  // namespace nabla
