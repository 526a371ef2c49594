// Samples per second of one training step (gather, forward, backward, update) of every bundled
// experiment, for 1 thread and for all usable cores, on the data that the experiment names; for
// some of them also what others reach: loops by hand over the BLAS libraries that are installed,
// and, built with --config=peers, libtorch.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "bench/handover.h"
#include "bench/support.h"
#include "bench/training_peers.h"
#include "framework/config/override.h"
#include "framework/kernels/simd.h"
#include "framework/training/experiment.h"
#include "plugins/builtin.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

template <typename T>
void RunSteps(benchmark::State& state, Bench& bench, const Node& tree, size_t threads) {
  ExperimentSpec<T> spec = ParseExperiment<T>(tree, bench.registry());
  const DataSplits& data = bench.DataOf(spec);
  Threads pool(threads);
  Experiment<T> experiment(spec, bench.registry(), data, pool);
  const size_t batch = std::min(static_cast<size_t>(spec.train.batch_size), data.train.count);
  std::vector<uint32_t> order(data.train.count);
  MakeGenerator(RngKind::kNabla, 1)->Permutation(order);
  const double rate = spec.optimizer->LearningRate();
  const FlushDenormals flush;
  size_t begin = 0;
  int64_t step = 0;
  const auto train = [&] {
    if (begin + batch > order.size()) begin = 0;
    ++step;
    experiment.trainer().step().Train(std::span<const uint32_t>(order).subspan(begin, batch), rate,
                                      step, static_cast<uint64_t>(step));
    begin += batch;
  };
  for (int i = 0; i < kWarmSteps; ++i) train();
  for (auto _ : state) train();
  state.counters["samples/s"] = Rate(state, static_cast<double>(batch));
  state.SetLabel(data.name + " " + SimdName());
}

template <typename T>
void RegisterOurs(Bench& bench, const std::string& name, const Node& tree) {
  for (const size_t threads : ThreadCounts()) {
    benchmark::RegisterBenchmark((name + "/nabla/threads:" + std::to_string(threads)).c_str(),
                                 [&bench, tree, threads](benchmark::State& state) {
                                   RunSteps<T>(state, bench, tree, threads);
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  }
}

void Register(Bench& bench, const std::filesystem::path& path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Node tree = ParseYaml(text, path.filename());
  std::string name = path.stem().string();
  if (DtypeOf(tree) == Dtype::kFloat64) {
    RegisterOurs<double>(bench, name, tree);
    ApplyOverride(tree, "dtype=float32");
    name += "/float32";
  }
  RegisterOurs<float>(bench, name, tree);
  RegisterPeers(bench, name, tree);
}

// Empty where the program lies without the folder that Bazel made beside it.
std::vector<std::filesystem::path> Bundled(const char* argv0) {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv0, &error));
  std::vector<std::filesystem::path> paths;
  if (runfiles == nullptr) return paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(runfiles->Rlocation("nabla/experiments"))) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  nabla::SetSimdFromEnvironment();
  nabla::Bench bench;
  nabla::RegisterBuiltins(bench.registry());
  const auto bundled = nabla::Bundled(argv[0]);
  if (bundled.empty()) {
    std::fprintf(stderr, "error: no bundled experiments beside %s\n", argv[0]);
    return 1;
  }
  nabla::RegisterHandover();
  for (const auto& path : bundled) nabla::Register(bench, path);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
