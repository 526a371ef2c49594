#include "bench/gemm.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>

#include "bench/blas.h"
#include "bench/support.h"
#include "framework/engine/threads.h"
#include "framework/kernels/gemm.h"
#include "framework/kernels/peak.h"
#include "framework/kernels/simd.h"

namespace nabla {
namespace {

enum class Form { kNN, kTN, kNT };

// c (M x N) over K steps: NN from a (M x K) and b (K x N), TN from a (K x M), NT from b (N x K).
struct Product {
  Form form;
  size_t m, k, n;

  std::string Name() const {
    const char* name = form == Form::kNN ? "NN" : form == Form::kTN ? "TN" : "NT";
    return name + ("/" + std::to_string(m)) + "x" + std::to_string(k) + "x" + std::to_string(n);
  }
};

// Rows [begin, begin + height) of c, as a worker of the engine has them.
template <typename T>
void RunRows(const Product& p, Matrix<T> a, Matrix<T> b, Matrix<T> c, size_t begin, size_t height) {
  const Matrix<T> part = c.Rows(begin, begin + height);
  if (p.form == Form::kNN) GemmNN(a.Rows(begin, begin + height), b, part, false);
  if (p.form == Form::kTN) GemmTN(a.Cols(begin, begin + height), b, part, false);
  if (p.form == Form::kNT) GemmNT(a.Rows(begin, begin + height), b, part, false);
}

// Times multiply(a, b, c) and says how near it comes to what `threads` cores could do.
template <typename T, typename F>
void Measure(benchmark::State& state, const Product& p, size_t threads, F multiply) {
  Padded<T> a = p.form == Form::kTN ? Padded<T>(p.k, p.m) : Padded<T>(p.m, p.k);
  Padded<T> b = p.form == Form::kNT ? Padded<T>(p.n, p.k) : Padded<T>(p.k, p.n);
  Padded<T> c(p.m, p.n);
  const double peak = MeasurePeak<T>() * static_cast<double>(threads);
  multiply(a.view(), b.view(), c.view());  // so that threads and code are there
  for (auto _ : state) {
    multiply(a.view(), b.view(), c.view());
    benchmark::ClobberMemory();
  }
  const double gflop = 2e-9 * static_cast<double>(p.m) * static_cast<double>(p.k * p.n);
  state.counters["GFLOP/s"] = Rate(state, gflop);
  state.counters["of_peak"] = Rate(state, gflop / peak);
}

template <typename T>
void MeasureOurs(benchmark::State& state, const std::string& simd, const Product& p,
                 size_t threads) {
  SetSimd(simd);
  Threads pool(threads);
  // Blocks as the engine cuts them: three a thread, of whole register tiles.
  const size_t items = threads == 1 ? 1 : threads * 3;
  const size_t height = ((p.m + items - 1) / items + 11) / 12 * 12;
  Measure<T>(state, p, threads, [&](Matrix<T> a, Matrix<T> b, Matrix<T> c) {
    pool.Run((p.m + height - 1) / height, [&](size_t item, size_t) {
      const size_t begin = item * height;
      RunRows(p, a, b, c, begin, std::min(height, p.m - begin));
    });
  });
}

template <typename T>
void MeasureBlas(benchmark::State& state, const Blas& blas, const Product& p, size_t threads) {
  SetSimd("");  // for the peak
  blas.SetThreads(static_cast<int>(threads));
  Measure<T>(state, p, threads, [&](Matrix<T> a, Matrix<T> b, Matrix<T> c) {
    blas.Gemm(p.m, p.n, p.k, BlasOperand<T>{a.data, a.stride, p.form == Form::kTN},
              BlasOperand<T>{b.data, b.stride, p.form == Form::kNT}, c.data, c.stride, false);
  });
}

// A dense layer of an experiment; the first of a network needs no gradient of its inputs.
struct LayerShape {
  const char* network;
  size_t batch, inputs, outputs;
  bool first;
};

constexpr LayerShape kLayers[] = {
    {"784-120-10", 100, 784, 120, true}, {"784-120-10", 100, 120, 10, false},
    {"784-100-10", 256, 784, 100, true}, {"784-100-10", 256, 100, 10, false},
    {"784-64x5-10", 32, 784, 64, true},  {"784-64x5-10", 32, 64, 64, false},
    {"784-64x5-10", 32, 64, 10, false},  {"784-256-10", 512, 784, 256, true},
    {"784-256-10", 512, 256, 10, false}, {"784-10", 16, 784, 10, true},
    {"square", 512, 512, 512, false},    {"square", 1024, 1024, 1024, false},
    {"square", 2048, 2048, 2048, false}};

template <typename T>
void RegisterProduct(const std::string& network, const Product& p) {
  for (const size_t threads : ThreadCounts()) {
    const auto add = [&](const std::string& who,
                         const std::function<void(benchmark::State&)>& run) {
      const std::string name = "gemm/" + who + "/" + kTypeName<T> + "/" + network + "/" + p.Name() +
                               "/threads:" + std::to_string(threads);
      benchmark::RegisterBenchmark(name.c_str(), run)->UseRealTime();
    };
    for (const std::string& simd : SimdNames()) {
      add(simd, [=](benchmark::State& state) { MeasureOurs<T>(state, simd, p, threads); });
    }
    for (const Blas* blas : InstalledBlas()) {
      if (sizeof(T) == sizeof(double) && !blas->has_double()) continue;
      add(blas->name(), [=](benchmark::State& state) { MeasureBlas<T>(state, *blas, p, threads); });
    }
  }
}

template <typename T>
void RegisterLayers() {
  for (const LayerShape& layer : kLayers) {
    RegisterProduct<T>(layer.network, {Form::kNN, layer.batch, layer.inputs, layer.outputs});
    RegisterProduct<T>(layer.network, {Form::kTN, layer.inputs, layer.batch, layer.outputs});
    if (layer.first) continue;
    RegisterProduct<T>(layer.network, {Form::kNT, layer.batch, layer.outputs, layer.inputs});
  }
}

}  // namespace

void RegisterGemm() {
  RegisterLayers<float>();
  RegisterLayers<double>();
}

}  // namespace nabla
