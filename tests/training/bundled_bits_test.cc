// Every bundled experiment trains to the same bits on any number of threads and with any SIMD
// width, whatever else the machine does, and whether its rows are held dense or sparse (where
// normalisation is folded into sparse rows: to numbers that are as close as rounding allows).
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "framework/config/node.h"
#include "framework/kernels/simd.h"
#include "framework/training/experiment.h"
#include "tests/plugins/builtins.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

constexpr int64_t kSteps = 4;
constexpr size_t kRows = 40;
#ifdef NABLA_SANITIZED
constexpr size_t kThreadCounts[] = {1, 3};
#else
constexpr size_t kThreadCounts[] = {1, 2, 3, 4, 8};
#endif

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
                                       const PreparedData& data, Threads& threads) {
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

// Nothing is found, so these are synthetic digits under the experiment's own normalisation.
PreparedData MadeUpData(const ExperimentHead& spec, const Registry& registry) {
  Files files({.data_dir = "", .env_dir = "", .cache_dir = "", .offline = true});
  return LoadData(spec, registry, files, [](const std::string&) {});
}

// Whether the data was sparse.
template <typename T>
bool CompareWithDense(const ExperimentSpec<T>& spec, const Registry& registry,
                      const PreparedData& sparse) {
  if (sparse.train.sparse == nullptr) return false;
  PreparedData dense = sparse;
  dense.train.sparse = nullptr;
  Threads threads(2);
  const auto a = Trained(spec, registry, sparse, threads);
  const auto b = Trained(spec, registry, dense, threads);
  const bool folded = sparse.train.normalization.mean != 0 && a->network().takes_folded_input();
  if (folded) {
    EXPECT_LT(LargestDifference(*a, *b), sizeof(T) == 4 ? 1e-4 : 1e-12) << spec.name;
  } else {
    EXPECT_EQ(a->network().Hash(), b->network().Hash()) << spec.name;
  }
  return true;
}

// The number type that a file chooses, or the other one.
enum class NumberType { kChosen, kOther };

// What this net's weights have been since the first build: any compiler, any level of optimisation
// and any machine must give them again. A change of the numeric contract changes them, knowingly.
std::string KnownHash(const std::string& name, NumberType type) {
  struct Hashes {
    std::string chosen;
    std::string other;
  };
  static const std::map<std::string, Hashes> kHashes = {
      {"autoencoder", {"52bedca6766f34186667be6004ce6278", "b0af04c4d4f7a65b756b28dffd8b2565"}},
      {"backprop_by_hand",
       {"dc964f58cbfa2c404a281bfce596a428", "aa5562b3fa397cee05e110b114a03458"}},
      {"diabetes", {"3921257c717c730d0508cd6098ed5f84", "2d7e5857a94d02585834c7590ab42c72"}},
      {"fashion_mnist", {"064ff05e0340b28d46b2b14b58665223", "de375a9625b95c3bfe5f60f96e6bca32"}},
      {"iris", {"f693dd8ecdf33f9f2c04bc2157da183d", "4571e659771e6f94b6565ab268276055"}},
      {"mnist_3layer", {"7870b801445454230731be1bd9320e4d", "c3d37418f7e508ea4f75c42ba80e6254"}},
      {"mnist_cnn", {"ed7ba95b5d9d46d74e6c991b1296181e", "571c8d7db73cd99ae3a9d9cb170784ac"}},
      {"mnist_full_batch",
       {"92add973f06a75c62a3ad0938a8e1f9b", "7f9f2bcdd124a498c2562f29ec48339b"}},
      {"mnist_linear_stack",
       {"da7be621d03c665995d9daf42030961c", "d03dceb6c19c04f01910ccb1fb2e8e3b"}},
      {"mnist_mlp_best", {"527178050d5ba8bdeb549024b9efaee5", "5045a48b3668b0293fedfeb2875d0e69"}},
      {"mnist_sigmoid_xavier",
       {"8b36756d5f717b9dc8a45341b08db1c5", "36780081d756b651f4d4b0f8f54e820c"}},
      {"mnist_softmax_mse",
       {"0e888ae0c92f0f1f6ac1f8f3e4a8d20c", "5f0f602be5ae6dfb87c38008aa312229"}},
      {"mnist_softmax_mse_60000",
       {"0e888ae0c92f0f1f6ac1f8f3e4a8d20c", "5f0f602be5ae6dfb87c38008aa312229"}},
      {"passengers", {"8e9c7bf376b79b5aa3eff15e78d8e101", "bbc43933ff6c6686a80f5027b873919c"}},
      {"spirals", {"0c8df31f1b6f6fb9f3013568fd554d81", "ab95f0021161a705f433ec58aafc6503"}},
      {"study_initializers",
       {"82ff664ef67a0e1b27b052f0a5b57b36", "87b93711c56c2a5643f4a3a2b5ede3ac"}},
      {"study_optimizers",
       {"38e5e5dbe20e60027ca7e6aadbbbfc6a", "e0e3cd005cde69f00e1d9dbd0fe6d08e"}}};
  const auto found = kHashes.find(name);
  if (found == kHashes.end()) return "none";
  return type == NumberType::kChosen ? found->second.chosen : found->second.other;
}

// For tests/platforms.py.
template <typename T>
void Print(const std::string& name, const std::string& simd, const std::string& hash) {
  const char* type = sizeof(T) == 4 ? "float32" : "float64";
  std::cout << "weights of " << name << " " << type << " on " << simd << " by " << __VERSION__
            << ": " << hash << std::endl;
}

template <typename T>
void CompareThreadsAndSimd(const ExperimentSpec<T>& spec, const Registry& registry,
                           const PreparedData& data) {
  std::set<std::string> hashes;
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    for (const size_t count : kThreadCounts) {
      Threads threads(count);
      const std::string hash = Trained(spec, registry, data, threads)->network().Hash();
      if (count == kThreadCounts[0]) Print<T>(spec.name, simd, hash);
      hashes.insert(hash);
    }
  }
  SetSimd("");
  EXPECT_EQ(hashes.size(), 1u) << spec.name;
  EXPECT_EQ(*hashes.begin(), KnownHash(spec.name, NumberType::kChosen)) << spec.name;
}

// The real pictures might be there. Drawn digits begin with the same ones, however many there are;
// but where all are shuffled, all count.
void UseDrawnDigits(Node& tree) {
  tree.Find("dataset")->Find("name")->text = "synthetic_digits";
#ifdef NABLA_SANITIZED
  if (tree.Find("split") != nullptr) return;
  for (const char* few : {"dataset.train=2000", "dataset.test=200"}) ApplyOverride(tree, few);
  if (tree.Find("train")->Find("rows_per_epoch") != nullptr) {
    ApplyOverride(tree, "train.rows_per_epoch=2000");
  }
#endif
}

// Calls f(spec, data) for every bundled experiment without its sweep, or only for that of the name.
template <typename F>
void ForBundled(const Registry& registry, F f, const std::string& only = "",
                NumberType number_type = NumberType::kChosen) {
  for (const auto& path : BundledFiles()) {
    if (!only.empty() && path.stem() != only) continue;
    Node tree = ReadTree(path);
    std::erase_if(tree.entries, [](const Node::Entry& e) { return e.key == "sweep"; });
    Node* name = tree.Find("dataset")->Find("name");
    if (name != nullptr && name->text.ends_with("mnist")) UseDrawnDigits(tree);
    if (number_type == NumberType::kOther) {
      const Node* type = tree.Find("dtype");
      const bool is_double = type != nullptr && type->text == "float64";
      ApplyOverride(tree, is_double ? "dtype=float32" : "dtype=float64");
    }
    const AnySpec any = ParseAnyExperiment(tree, registry);
    const PreparedData data = MadeUpData(HeadOf(any), registry);
    std::visit([&](const auto& spec) { f(spec, data); }, any);
  }
}

TEST(BundledBits, SparseRowsAreDenseRows) {
  size_t compared = 0;
  ForBundled(Builtins(), [&](const auto& spec, const PreparedData& data) {
    compared += CompareWithDense(spec, Builtins(), data);
  });
  EXPECT_GE(compared, 8u);
}

TEST(BundledBits, ThreadsAndSimdWidthChangeNone) {
  ForBundled(Builtins(), [&](const auto& spec, const PreparedData& data) {
    CompareThreadsAndSimd(spec, Builtins(), data);
  });
}

TEST(BundledBits, TheOtherNumberTypeKeepsItsBitsToo) {
  ForBundled(
      Builtins(),
      [&]<typename T>(const ExperimentSpec<T>& spec, const PreparedData& data) {
        for (const std::string& simd : SimdNames()) {
          SetSimd(simd);
          Threads threads(2);
          const std::string hash = Trained(spec, Builtins(), data, threads)->network().Hash();
          Print<T>(spec.name, simd, hash);
          EXPECT_EQ(hash, KnownHash(spec.name, NumberType::kOther)) << spec.name << " on " << simd;
        }
        SetSimd("");
      },
      "", NumberType::kOther);
}

TEST(BundledBits, TwentyRepetitionsUnderLoadAreTheSame) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> hogs;
  for (int i = 0; i < 3; ++i) {
    hogs.emplace_back([&stop] {
      while (!stop) {
      }
    });
  }
  ForBundled(
      Builtins(),
      [&](const auto& spec, const PreparedData& data) {
        std::set<std::string> hashes;
        for (int i = 0; i < 20; ++i) {
          Threads threads(3);
          hashes.insert(Trained(spec, Builtins(), data, threads)->network().Hash());
        }
        EXPECT_EQ(hashes.size(), 1u);
      },
      "mnist_3layer");
  stop = true;
  for (std::thread& hog : hogs) hog.join();
}

}  // namespace
}  // namespace nabla
