// Samples per second of a training step as batch, width, depth and threads grow, on rows in memory
// that are mostly zero as MNIST's (sparse) or nowhere (dense).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/support.h"
#include "framework/base/generator.h"
#include "framework/kernels/peak.h"
#include "framework/kernels/simd.h"
#include "framework/training/experiment.h"
#include "plugins/builtin.h"

namespace nabla {
namespace {

constexpr size_t kRows = 60000;
constexpr size_t kInputs = 784;
constexpr size_t kClasses = 10;
constexpr double kDensity = 0.19;  // of MNIST

// A net 784 - width x depth - 10, how many rows it takes at once, and on how many threads.
struct Point {
  const char* curve;
  size_t width, depth, batch, threads;
  bool sparse;
  bool shared = false;  // all threads take part in every step, whether that pays or not

  std::string Name() const {
    return fmt::format("growth/{}/{}/width:{}/depth:{}/batch:{}/threads:{}", curve,
                       sparse ? "sparse" : "dense", width, depth, batch, threads);
  }
};

// Random rows of bytes, some of them zero, and random labels.
DataSplits MakeData(bool sparse) {
  struct Memory {
    std::vector<uint8_t> pixels;
    std::vector<int32_t> labels;
  };
  auto memory = std::make_shared<Memory>();
  memory->pixels.resize(kRows * kInputs);
  memory->labels.resize(kRows);
  uint64_t state = 1;  // of a linear congruential generator
  const auto draw = [&state] {
    state = state * 6364136223846793005 + 1442695040888963407;
    return static_cast<uint32_t>(state >> 33);
  };
  const auto filled = static_cast<uint32_t>((sparse ? kDensity : 1) * (1u << 31));
  for (uint8_t& pixel : memory->pixels) {
    pixel = draw() < filled ? static_cast<uint8_t>(1 + draw() % 255) : uint8_t{0};
  }
  for (int32_t& label : memory->labels) label = static_cast<int32_t>(draw() % kClasses);
  DataSplits data;
  data.name = sparse ? "sparse" : "dense";
  data.train = {.count = kRows,
                .shape = {{1, 28, 28}},
                .pixels = memory->pixels,
                .normalization = {255, 0, 1},
                .classes = kClasses,
                .labels = memory->labels,
                .keep_alive = memory};
  if (sparse) {
    data.train.sparse = std::make_shared<SparseBytes>(MakeSparse(memory->pixels, kRows, kInputs));
  }
  return data;
}

// Registry and data, made when first asked for.
class Bench {
 public:
  Bench() { RegisterBuiltins(registry_); }
  const Registry& registry() const { return registry_; }
  const DataSplits& data(bool sparse) {
    std::unique_ptr<DataSplits>& data = data_[sparse];
    if (data == nullptr) data = std::make_unique<DataSplits>(MakeData(sparse));
    return *data;
  }

 private:
  Registry registry_;
  std::array<std::unique_ptr<DataSplits>, 2> data_;
};

Node Tree(const Point& point) {
  std::string text = "name: growth\ndataset: synthetic_digits\nmodel:\n";
  for (size_t i = 0; i < point.depth; ++i) {
    text +=
        fmt::format("  - {{name: linear, units: {}, weight: he_normal}}\n  - relu\n", point.width);
  }
  text += fmt::format(
      "  - {{name: linear, units: {}}}\nloss: cross_entropy\noptimizer: {{name: sgd, lr: 0.0001}}\n"
      "train: {{batch_size: {}}}\nevaluate: {{split: none}}\n",
      kClasses, point.batch);
  return ParseYaml(text, "growth.yaml");
}

// Floating point operations of a step, forward, weights' gradients and, above the first layer,
// gradients of inputs; `share` of the first layer's are done.
double Operations(const Point& point, double share) {
  const auto products = [](size_t inputs, size_t outputs) {
    return 2.0 * static_cast<double>(inputs) * static_cast<double>(outputs);
  };
  double hidden = products(point.width, kClasses);
  for (size_t i = 1; i < point.depth; ++i) hidden += products(point.width, point.width);
  return static_cast<double>(point.batch) *
         (2 * share * products(kInputs, point.width) + 3 * hidden);
}

// Bytes of the batch's rows as they are stored: a sparse row has a mask and a place for every
// segment, and the bytes that are not zero.
double RowBytes(const Point& point) {
  constexpr size_t kSegments = (kInputs + SparseBytes::kSegment - 1) / SparseBytes::kSegment;
  const double row = point.sparse ? kDensity * kInputs + 12.0 * kSegments : kInputs;
  return row * static_cast<double>(point.batch);
}

void Count(benchmark::State& state, const Point& point, size_t parameters, const Plan& plan,
           double peak) {
  const double dense = Operations(point, 1);
  state.counters["samples/s"] = Rate(state, static_cast<double>(point.batch));
  state.counters["GFLOP/s"] = Rate(state, 1e-9 * dense);
  state.counters["of_peak"] =
      Rate(state, 1e-9 * dense / (peak * static_cast<double>(point.threads)));
  // Of one step, for models of its time:
  state.counters["peak"] = peak;  // GFLOP/s of a core
  state.counters["needed_gflop"] = 1e-9 * Operations(point, point.sparse ? kDensity : 1);
  state.counters["row_bytes"] = RowBytes(point);
  // Each parameter is read and written at least once.
  state.counters["parameter_bytes"] = 8 * static_cast<double>(parameters);
  state.counters["chunks"] = static_cast<double>(plan.chunks(point.batch));
  state.counters["workers"] =
      static_cast<double>(plan.mode == ThreadMode::kAlone ? 1 : point.threads);
}

void Measure(benchmark::State& state, Bench& bench, const Point& point) {
  Threads pool(point.threads);
  Experiment<float> experiment(ParseExperiment<float>(Tree(point), bench.registry()),
                               bench.registry(), bench.data(point.sparse), pool);
  const ExperimentSpec<float>& spec = experiment.spec();
  const DataSplits& data = bench.data(point.sparse);
  Plan plan = MakePlan(experiment.network(), point.batch, point.threads);
  if (point.shared) plan.mode = ThreadMode::kShared;
  Step<float> step(experiment.network(), *spec.loss, *spec.optimizer, data.train, point.batch, pool,
                   plan);
  std::vector<uint32_t> order(kRows);
  MakeGenerator(RngKind::kNabla, 1)->Permutation(order);
  const double rate = spec.optimizer->LearningRate();
  const FlushDenormals flush;
  size_t begin = 0;
  int64_t steps = 0;
  const auto train = [&] {
    if (begin + point.batch > order.size()) begin = 0;
    ++steps;
    step.Train(std::span<const uint32_t>(order).subspan(begin, point.batch), rate, steps,
               static_cast<uint64_t>(steps));
    begin += point.batch;
  };
  const double peak = MeasurePeak<float>();
  for (int i = 0; i < kWarmSteps; ++i) train();
  for (auto _ : state) train();
  Count(state, point, experiment.network().parameter_count(), step.plan(), peak);
}

std::vector<Point> Points() {
  std::vector<Point> points;
  for (const bool sparse : {true, false}) {
    for (const size_t threads : ThreadCounts()) {
      const auto add = [&](const char* curve, size_t width, size_t depth, size_t batch) {
        points.push_back({curve, width, depth, batch, threads, sparse});
      };
      for (size_t batch = 1; batch <= 4096; batch *= 2) add("batch", 120, 1, batch);
      for (const size_t batch : {16384, 56000}) add("batch", 120, 1, batch);
      for (size_t width = 16; width <= 4096; width *= 2) add("width", width, 1, 128);
      for (size_t depth = 1; depth <= 32; depth *= 2) add("depth", 128, depth, 128);
    }
    // For the model of a step's time: what threads and barriers cost where they are used.
    for (const size_t threads : ThreadCounts()) {
      for (size_t batch = 32; batch <= 8192; batch *= 4) {
        points.push_back({"model", 120, 1, batch, threads, sparse, threads > 1});
      }
    }
    for (size_t threads = 1; threads <= 2 * UsableCores(); ++threads) {
      for (const size_t batch : {128, 4096}) {
        points.push_back({"threads", 120, 1, batch, threads, sparse});
      }
    }
  }
  return points;
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  nabla::SetSimdFromEnvironment();
  nabla::Bench bench;
  for (const nabla::Point& point : nabla::Points()) {
    benchmark::RegisterBenchmark(
        point.Name().c_str(),
        [&bench, point](benchmark::State& state) { nabla::Measure(state, bench, point); })
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
