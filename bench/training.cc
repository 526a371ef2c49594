// Samples per second of one training step (gather, forward, backward, update) of every bundled
// experiment, for 1 thread and for all usable cores, on the data that the experiment names.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "framework/base/philox.h"
#include "framework/experiment/experiment.h"
#include "framework/kernels/simd.h"
#include "plugins/builtin.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace nabla {
namespace {

struct Bench {
  Registry registry;
  Console console{false};
  std::map<std::string, DataSplits> data;  // by DataConfig's text
};

const DataSplits& DataOf(Bench& bench, const ExperimentHead& spec) {
  const std::string key = PrintYaml(DataConfig(spec));
  if (!bench.data.contains(key)) {
    Files files(FilesOptions::FromEnvironment());
    bench.data[key] = LoadData(spec, bench.registry, files, bench.console);
  }
  return bench.data[key];
}

template <typename T>
void RunSteps(benchmark::State& state, Bench& bench, const Node& tree, size_t threads) {
  ExperimentSpec<T> spec = ParseExperiment<T>(tree, bench.registry);
  const DataSplits& data = DataOf(bench, spec);
  Threads crew(threads);
  Experiment<T> experiment(spec, bench.registry, data, crew);
  const size_t batch = std::min(static_cast<size_t>(spec.train.batch_size), data.train.count);
  std::vector<uint32_t> order(data.train.count);
  MakeGenerator(RngKind::kNabla, 1)->Permutation(order);
  const double rate = spec.optimizer->LearningRate();
  const FlushDenormals flush;
  size_t begin = 0;
  int64_t step = 0;
  for (auto _ : state) {
    if (begin + batch > order.size()) begin = 0;
    ++step;
    experiment.trainer().step().Train(std::span<const uint32_t>(order).subspan(begin, batch), rate,
                                      step, static_cast<uint64_t>(step));
    begin += batch;
  }
  state.counters["samples/s"] = benchmark::Counter(
      static_cast<double>(step) * static_cast<double>(batch), benchmark::Counter::kIsRate);
  state.SetLabel(data.name + " " + SimdName());
}

void Register(Bench& bench, const std::filesystem::path& path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const Node tree = ParseYaml(text, path.filename());
  std::vector<size_t> counts = {1};
  if (UsableCores() > 1) counts.push_back(UsableCores());
  for (const size_t threads : counts) {
    const std::string name = path.stem().string() + "/threads:" + std::to_string(threads);
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&bench, tree, threads](benchmark::State& state) {
                                   if (DtypeOf(tree) == Dtype::kFloat64) {
                                     RunSteps<double>(state, bench, tree, threads);
                                   } else {
                                     RunSteps<float>(state, bench, tree, threads);
                                   }
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  }
}

std::vector<std::filesystem::path> Bundled(const char* argv0) {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv0, &error));
  std::vector<std::filesystem::path> paths;
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
  nabla::RegisterBuiltins(bench.registry);
  for (const auto& path : nabla::Bundled(argv[0])) nabla::Register(bench, path);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
