#include "bench/sparse.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "bench/support.h"
#include "framework/kernels/gather.h"
#include "framework/kernels/gemm.h"
#include "framework/kernels/simd.h"
#include "framework/kernels/sparse.h"

namespace nabla {
namespace {

constexpr size_t kInputs = 784;
constexpr size_t kBatch = 48;  // rows: a block of the engine
constexpr size_t kRows = 960;  // of the data, batch by batch
constexpr double kDensity = 0.19;

enum class Way { kSparse, kDense };

template <typename T>
struct FirstLayer {
  explicit FirstLayer(size_t outputs) : weights(kInputs, outputs), y(kBatch, outputs) {
    std::mt19937 random(1);
    std::bernoulli_distribution filled(kDensity);
    for (uint8_t& byte : bytes) byte = filled(random) ? static_cast<uint8_t>(random() | 1) : 0;
    std::iota(order.begin(), order.end(), 0);
    for (size_t b = 0; b < table.size(); ++b) table[b] = static_cast<T>(b) / static_cast<T>(255);
    data = MakeSparse(bytes, kRows, kInputs);
  }

  SparseRows<T> Rows(size_t batch) const {
    return {&data, order.data() + batch * kBatch, kBatch, table.data()};
  }
  // Bytes become numbers first, as for any layer that takes no sparse rows.
  void Gather(size_t batch) {
    for (size_t r = 0; r < kBatch; ++r) {
      BytesToReal<T>(bytes.data() + (batch * kBatch + r) * kInputs, x.view().Row(r), kInputs, 255,
                     0, 1);
    }
  }
  void Forward(size_t batch, Way way) {
    if (way == Way::kSparse) {
      return SparseForward<T>(Rows(batch), weights.view(), nullptr, y.view());
    }
    Gather(batch);
    GemmNN<T>(x.view(), weights.view(), y.view(), false);
  }
  void Gradient(size_t batch, Way way) {
    if (way == Way::kSparse) {
      return SparseGradient<T>(Rows(batch), y.view(), 0, weights.view(), false);
    }
    GemmTN<T>(x.view(), y.view(), weights.view(), false);
  }

  std::vector<uint8_t> bytes = std::vector<uint8_t>(kRows * kInputs);
  std::vector<uint32_t> order = std::vector<uint32_t>(kRows);
  std::vector<T> table = std::vector<T>(256);
  SparseBytes data;
  Padded<T> x{kBatch, kInputs};
  Padded<T> weights;
  Padded<T> y;
};

template <typename T>
void Measure(benchmark::State& state, size_t outputs, bool forward, Way way) {
  FirstLayer<T> layer(outputs);
  size_t batch = 0;
  for (auto _ : state) {
    forward ? layer.Forward(batch, way) : layer.Gradient(batch, way);
    batch = (batch + 1) % (kRows / kBatch);
    benchmark::ClobberMemory();
  }
  state.counters["rows/s"] = Rate(state, kBatch);
}

template <typename T>
void RegisterLayers(const std::string& simd) {
  for (const size_t outputs : {1, 5, 10, 16, 32, 47, 48, 120}) {
    for (const bool forward : {true, false}) {
      for (const Way way : {Way::kSparse, Way::kDense}) {
        const std::string name = "sparse/" + simd + "/" + kTypeName<T> + "/" +
                                 std::to_string(outputs) + (forward ? "/forward" : "/gradient") +
                                 (way == Way::kSparse ? "/sparse" : "/dense");
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
          SetSimd(simd);
          Measure<T>(state, outputs, forward, way);
        });
      }
    }
  }
}

}  // namespace

void RegisterSparse() {
  for (const std::string& simd : SimdNames()) {
    RegisterLayers<float>(simd);
    RegisterLayers<double>(simd);
  }
}

}  // namespace nabla
