// Every bundled experiment trains to the same bits whether its rows are held dense or sparse, or,
// where normalisation is folded into sparse rows, to numbers that are as close as rounding allows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/experiment/experiment.h"
#include "plugins/builtin.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

constexpr int64_t kSteps = 4;
constexpr size_t kRows = 40;

std::vector<std::filesystem::path> BundledFiles() {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::CreateForTest(&error));
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(runfiles->Rlocation("nabla/experiments"))) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Node ReadTree(const std::filesystem::path& path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return ParseYaml(text, path.filename());
}

// The network after some steps.
template <typename T>
std::unique_ptr<Experiment<T>> Trained(const ExperimentSpec<T>& spec, const Registry& registry,
                                       const DataSplits& data, Threads& threads) {
  auto experiment = std::make_unique<Experiment<T>>(spec, registry, data, threads);
  std::vector<uint32_t> order(std::min(kRows, data.train.count));
  order.resize(std::min<size_t>(order.size(), static_cast<size_t>(spec.train.batch_size)));
  std::iota(order.begin(), order.end(), 0u);
  for (int64_t step = 1; step <= kSteps; ++step) {
    experiment->trainer().step().Train(order, spec.optimizer->LearningRate(), step, 7);
  }
  return experiment;
}

template <typename T>
double LargestDifference(Experiment<T>& a, Experiment<T>& b) {
  double largest = 0;
  for (size_t p = 0; p < a.network().parameters().size(); ++p) {
    const auto x = a.network().parameters()[p].value.view();
    const auto y = b.network().parameters()[p].value.view();
    for (size_t r = 0; r < x.rows; ++r) {
      for (size_t c = 0; c < x.cols; ++c) {
        largest = std::max(largest, std::abs(static_cast<double>(x.Row(r)[c] - y.Row(r)[c])));
      }
    }
  }
  return largest;
}

// Whether the data was sparse.
template <typename T>
bool Compare(const Node& tree, const Registry& registry) {
  const ExperimentSpec<T> spec = ParseExperiment<T>(tree, registry);
  // Nothing is found, so these are synthetic digits under the experiment's own normalisation.
  Files files({.data_dir = "", .env_dir = "", .cache_dir = "", .offline = true});
  Console console(true);
  const DataSplits sparse = LoadData(spec, registry, files, console);
  if (sparse.train.sparse == nullptr) return false;
  DataSplits dense = sparse;
  dense.train.sparse = nullptr;
  Threads threads(2);
  const auto a = Trained(spec, registry, sparse, threads);
  const auto b = Trained(spec, registry, dense, threads);
  const Normalization& n = sparse.train.normalization;
  const bool folded = n.mean != 0 && a->network().takes_sparse_input();
  if (folded) {
    EXPECT_LT(LargestDifference(*a, *b), sizeof(T) == 4 ? 1e-4 : 1e-12) << spec.name;
  } else {
    EXPECT_EQ(a->network().Hash(), b->network().Hash()) << spec.name;
  }
  return true;
}

TEST(SparseRows, AreDenseRowsInEveryBundledExperiment) {
  Registry registry;
  RegisterBuiltins(registry);
  size_t compared = 0;
  for (const auto& path : BundledFiles()) {
    Node tree = ReadTree(path);
    std::erase_if(tree.entries, [](const Node::Entry& e) { return e.key == "sweep"; });
    compared += DtypeOf(tree) == Dtype::kFloat64 ? Compare<double>(tree, registry)
                                                 : Compare<float>(tree, registry);
  }
  EXPECT_GE(compared, 8u);
}

}  // namespace
}  // namespace nabla
