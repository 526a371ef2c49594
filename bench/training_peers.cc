#include "bench/training_peers.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/support.h"
#include "bench/training_blas.h"
#include "framework/base/generator.h"
#ifdef NABLA_LIBTORCH
#include "bench/training_libtorch.h"
#endif

namespace nabla {
namespace {

constexpr const char* kExperiments[] = {"mnist_3layer", "mnist_sigmoid_xavier",
                                        "mnist_linear_stack", "mnist_full_batch/float32",
                                        "mnist_softmax_mse"};
constexpr size_t kCheckedSteps = 300;
constexpr size_t kCheckedRows = 250000;  // fewer steps of large batches
// Largest distance between a peer's weights and ours after these steps, as a share of the way that
// ours have gone: rounding grows along it.
constexpr double kTolerance = 1e-4;

std::vector<NamedPeer> AllPeers() {
  std::vector<NamedPeer> peers = BlasPeers();
#ifdef NABLA_LIBTORCH
  peers.push_back(LibtorchPeer());
#endif
  return peers;
}

// Batches of `rows` from a random order of `count`, again and again.
class Batches {
 public:
  Batches(size_t count, size_t rows) : order_(count), rows_(std::min(rows, count)) {
    MakeGenerator(RngKind::kNabla, 1)->Permutation(order_);
  }

  size_t rows() const { return rows_; }
  std::span<const uint32_t> Next() {
    if (begin_ + rows_ > order_.size()) begin_ = 0;
    begin_ += rows_;
    return std::span<const uint32_t>(order_).subspan(begin_ - rows_, rows_);
  }

 private:
  std::vector<uint32_t> order_;
  size_t rows_;
  size_t begin_ = 0;
};

double Distance(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += (double{a[i]} - double{b[i]}) * (double{a[i]} - double{b[i]});
  }
  return std::sqrt(sum);
}

// An experiment of ours and the same in plain form, from the same weights.
struct Pair {
  Pair(Bench& bench, const Node& tree)
      : data(bench.DataOf(ParseExperiment<float>(tree, bench.registry()))),
        plain_data(bench.PlainDataOf(ParseExperiment<float>(tree, bench.registry()))),
        experiment(ParseExperiment<float>(tree, bench.registry()), bench.registry(), data, pool),
        network(MakePlain(experiment.spec(), experiment.network())) {}

  Threads pool{1};
  const DataSplits& data;
  const PlainData& plain_data;
  Experiment<float> experiment;
  PlainNetwork network;
};

// What is wrong with a peer, or "": trains it and ours side by side.
std::string Check(Pair& pair, Peer& peer) {
  Network<float>& ours = pair.experiment.network();
  const std::vector<float> start = WeightsOf(ours);
  Batches batches(pair.plain_data.count, pair.network.batch);
  const size_t steps = std::clamp<size_t>(kCheckedRows / batches.rows(), 4, kCheckedSteps);
  double first = 0, last = 0;  // losses of the first and the last half
  const double rate = pair.experiment.spec().optimizer->LearningRate();
  const FlushDenormals flush;
  for (size_t step = 1; step <= steps; ++step) {
    const std::span<const uint32_t> rows = batches.Next();
    pair.experiment.trainer().step().Train(rows, rate, static_cast<int64_t>(step), step);
    (2 * step <= steps ? first : last) += peer.Train(rows);
  }
  if (!std::isfinite(last)) return "the loss is no number";
  if (last >= first) return "the loss did not fall";
  const double way = Distance(start, WeightsOf(ours));
  const double apart = Distance(peer.Weights(), WeightsOf(ours)) / way;
  if (!(apart < kTolerance)) return "the weights went elsewhere: " + std::to_string(apart);
  return "";
}

void Measure(benchmark::State& state, const Pair& pair, Peer& peer) {
  Batches batches(pair.plain_data.count, pair.network.batch);
  const FlushDenormals flush;
  for (int i = 0; i < 3; ++i) peer.Train(batches.Next());  // so that threads and memory are there
  for (auto _ : state) benchmark::DoNotOptimize(peer.Train(batches.Next()));
  state.counters["samples/s"] = Rate(state, static_cast<double>(batches.rows()));
  state.SetLabel(pair.data.name);
}

}  // namespace

const DataSplits& Bench::DataOf(const ExperimentHead& spec) {
  const std::string key = PrintYaml(DataConfig(spec));
  if (!data_.contains(key)) {
    Files files(FilesOptions::FromEnvironment());
    data_[key] = LoadData(spec, registry_, files,
                          [](const std::string& text) { fmt::print(stderr, "{}\n", text); });
  }
  return data_[key];
}

const PlainData& Bench::PlainDataOf(const ExperimentHead& spec) {
  const std::string key = PrintYaml(DataConfig(spec));
  if (!plain_.contains(key)) plain_[key] = MakePlain(DataOf(spec).train);
  return plain_[key];
}

void RegisterPeers(Bench& bench, const std::string& name, const Node& tree) {
  if (std::ranges::find(kExperiments, name) == std::end(kExperiments)) return;
  for (const NamedPeer& peer : AllPeers()) {
    for (const size_t threads : ThreadCounts()) {
      const auto checked = std::make_shared<bool>(false);
      const auto run = [&bench, tree, peer, threads, checked](benchmark::State& state) {
        Pair pair(bench, tree);
        const auto make = [&] {
          return peer.make(pair.network, pair.plain_data, static_cast<int>(threads));
        };
        if (!*checked) {
          const std::string wrong = Check(pair, *make());
          if (!wrong.empty()) return state.SkipWithError(wrong.c_str());
          *checked = true;
        }
        Measure(state, pair, *make());
      };
      const std::string title = name + "/" + peer.name + "/threads:" + std::to_string(threads);
      benchmark::RegisterBenchmark(title.c_str(), run)
          ->UseRealTime()
          ->Unit(benchmark::kMicrosecond);
    }
  }
}

}  // namespace nabla
