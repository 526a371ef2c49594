// Speed of the kernels on every instruction set of this CPU: the peak, matrix
// products, convolutions, functions next to libm, gathering; and how fast this machine moves bytes.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/conv.h"
#include "bench/gemm.h"
#include "bench/sparse.h"
#include "bench/support.h"
#include "framework/kernels/gather.h"
#include "framework/kernels/peak.h"
#include "framework/kernels/rows.h"
#include "framework/kernels/simd.h"
#include "framework/kernels/transpose.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/kernels.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/elementwise-inl.h"
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

#define NABLA_BENCH_FUNCTIONS(X) X(Exp) X(Log) X(Tanh) X(Sigmoid) X(Erf)
#define NABLA_BENCH_DEFINE(name)                                          \
  void name##Float(const float* x, float* y, size_t n) {                  \
    Map1([](auto d, auto v) HWY_ATTR { return V##name(d, v); }, x, y, n); \
  }                                                                       \
  void name##Double(const double* x, double* y, size_t n) {               \
    Map1([](auto d, auto v) HWY_ATTR { return V##name(d, v); }, x, y, n); \
  }
NABLA_BENCH_FUNCTIONS(NABLA_BENCH_DEFINE)
#undef NABLA_BENCH_DEFINE
#undef NABLA_BENCH_FUNCTIONS

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {
namespace {

#define NABLA_BENCH_EXPORT(name)                         \
  HWY_EXPORT(name##Float);                               \
  HWY_EXPORT(name##Double);                              \
  void Run##name(const float* x, float* y, size_t n) {   \
    HWY_DYNAMIC_DISPATCH(name##Float)(x, y, n);          \
  }                                                      \
  void Run##name(const double* x, double* y, size_t n) { \
    HWY_DYNAMIC_DISPATCH(name##Double)(x, y, n);         \
  }
NABLA_BENCH_EXPORT(Exp)
NABLA_BENCH_EXPORT(Log)
NABLA_BENCH_EXPORT(Tanh)
NABLA_BENCH_EXPORT(Sigmoid)
NABLA_BENCH_EXPORT(Erf)
#undef NABLA_BENCH_EXPORT

template <typename T>
void PeakBenchmark(benchmark::State& state, const std::string& simd) {
  SetSimd(simd);
  std::vector<T> sink(1024, T(1e-3));
  double flops = 0;
  for (auto _ : state) {
    flops = static_cast<double>(RunPeak(sink.data()));
    benchmark::DoNotOptimize(sink.data());
  }
  state.counters["GFLOP/s"] = Rate(state, flops * 1e-9);
}

template <typename T>
void RegisterFunctions(const std::string& simd) {
  using Span = void (*)(const T*, T*, size_t);
  using Scalar = T (*)(T);
  struct Function {
    const char* name;
    Span run;
    Scalar libm;
  };
  const Scalar sigmoid = [](T x) { return 1 / (1 + std::exp(-x)); };
  const Function functions[] = {{"exp", RunExp, std::exp},
                                {"log", RunLog, std::log},
                                {"tanh", RunTanh, std::tanh},
                                {"sigmoid", RunSigmoid, sigmoid},
                                {"erf", RunErf, std::erf}};
  for (const Function& f : functions) {
    const std::string name = std::string(kTypeName<T>) + "/" + f.name;
    // One body for both, so that they are measured alike.
    const auto body = [simd](benchmark::State& state, auto apply) {
      SetSimd(simd);
      std::vector<T> x(4096), y(x.size());
      for (size_t i = 0; i < x.size(); ++i) x[i] = T(0.001) * static_cast<T>(i + 1);
      for (auto _ : state) {
        apply(x, y);
        benchmark::ClobberMemory();
      }
      state.counters["Gelem/s"] = Rate(state, 1e-9 * static_cast<double>(x.size()));
    };
    benchmark::RegisterBenchmark(("function/" + simd + "/" + name).c_str(),
                                 [=](benchmark::State& state) {
                                   body(state, [&](const std::vector<T>& x, std::vector<T>& y) {
                                     f.run(x.data(), y.data(), x.size());
                                   });
                                 });
    if (simd != SimdNames().front()) continue;
    benchmark::RegisterBenchmark(("function/libm/" + name).c_str(), [=](benchmark::State& state) {
      body(state, [&](const std::vector<T>& x, std::vector<T>& y) {
        for (size_t i = 0; i < x.size(); ++i) y[i] = f.libm(x[i]);
      });
    });
  }
}

template <typename T>
void RegisterRows(const std::string& simd) {
  const auto add = [&](const char* name, auto apply) {
    benchmark::RegisterBenchmark(("rows/" + simd + "/" + kTypeName<T> + "/" + name).c_str(),
                                 [=](benchmark::State& state) {
                                   SetSimd(simd);
                                   apply(state);
                                 });
  };
  add("gather_784_bytes", [](benchmark::State& state) {
    const std::vector<uint8_t> in(784, 93);
    std::vector<T> out(784);
    for (auto _ : state) {
      BytesToReal<T>(in.data(), out.data(), in.size(), 255, 0, 1);
      benchmark::ClobberMemory();
    }
  });
  add("softmax_100x10", [](benchmark::State& state) {
    Padded<T> z(100, 10), p(100, 10);
    for (auto _ : state) {
      SoftmaxRows(z.view(), p.view());
      benchmark::ClobberMemory();
    }
  });
  add("column_sums_100x120", [](benchmark::State& state) {
    Padded<T> x(100, 120), sums(1, 120);
    for (auto _ : state) {
      ColumnSums(x.view(), sums.view().data, false);
      benchmark::ClobberMemory();
    }
  });
  add("transpose_784x120", [](benchmark::State& state) {
    Padded<T> in(784, 120), out(120, 784);
    for (auto _ : state) {
      Transpose(in.view(), out.view());
      benchmark::ClobberMemory();
    }
  });
}

// Three arrays together fill a level of the memory: x, z and y of the triad y = x + 3 z.
void RegisterBandwidth() {
  for (const size_t kib : {24, 384, 6144, 262144}) {
    for (const size_t count : ThreadCounts()) {
      const std::string name = "bandwidth/triad/kib:" + std::to_string(kib);
      benchmark::RegisterBenchmark(
          (name + "/threads:" + std::to_string(count)).c_str(),
          [=](benchmark::State& state) {
            SetSimd("");
            Threads threads(count);
            const size_t n = kib * 1024 / 12;
            std::vector<std::vector<float>> x(count, std::vector<float>(n, 1)), y = x, z = x;
            for (auto _ : state) {
              threads.Run(count, [&](size_t item, size_t) {
                Triad(x[item].data(), z[item].data(), y[item].data(), n);
              });
              benchmark::ClobberMemory();
            }
            state.counters["GB/s"] = Rate(state, 12e-9 * static_cast<double>(n * count));
          })
          ->UseRealTime();
    }
  }
}

template <typename T>
void RegisterAll(const std::string& simd) {
  benchmark::RegisterBenchmark(("peak/" + simd + "/" + kTypeName<T>).c_str(),
                               [=](benchmark::State& state) { PeakBenchmark<T>(state, simd); });
  RegisterFunctions<T>(simd);
  RegisterRows<T>(simd);
}

}  // namespace
}  // namespace nabla

int main(int argc, char** argv) {
  for (const std::string& simd : nabla::SimdNames()) {
    nabla::RegisterAll<float>(simd);
    nabla::RegisterAll<double>(simd);
  }
  nabla::RegisterGemm();
  nabla::RegisterConv();
  nabla::RegisterSparse();
  nabla::RegisterBandwidth();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
#endif  // HWY_ONCE
