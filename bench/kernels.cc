// Speed of the kernels on every instruction set of this CPU: matrix products at the shapes of the
// experiments as a fraction of the measured peak, functions next to libm, gathering.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "framework/kernels/gather.h"
#include "framework/kernels/gemm.h"
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

// Twelve independent chains hide the latency of every x86 multiply-adder. Returns the FLOPs.
template <typename T>
size_t Peak(T* sink) {
  constexpr size_t kChains = 12;
  constexpr size_t kSteps = 20000;
  const hn::ScalableTag<T> d;
  const auto a = hn::Set(d, sink[0]);
  const auto b = hn::Set(d, sink[1]);
  hn::Vec<decltype(d)> sum[kChains];
  HWY_UNROLL(12)
  for (size_t i = 0; i < kChains; ++i) sum[i] = hn::Set(d, static_cast<T>(i));
  for (size_t step = 0; step < kSteps; ++step) {
    HWY_UNROLL(12)
    for (size_t i = 0; i < kChains; ++i) sum[i] = hn::MulAdd(a, b, sum[i]);
  }
  HWY_UNROLL(12)
  for (size_t i = 0; i < kChains; ++i) hn::StoreU(sum[i], d, sink + i * hn::Lanes(d));
  return kChains * kSteps * hn::Lanes(d) * 2;
}
size_t PeakFloat(float* sink) { return Peak(sink); }
size_t PeakDouble(double* sink) { return Peak(sink); }

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

HWY_EXPORT(PeakFloat);
HWY_EXPORT(PeakDouble);
size_t RunPeak(float* sink) { return HWY_DYNAMIC_DISPATCH(PeakFloat)(sink); }
size_t RunPeak(double* sink) { return HWY_DYNAMIC_DISPATCH(PeakDouble)(sink); }

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
constexpr const char* kTypeName = sizeof(T) == 4 ? "float" : "double";

benchmark::Counter Rate(benchmark::State& state, double per_iteration) {
  return benchmark::Counter(per_iteration * static_cast<double>(state.iterations()),
                            benchmark::Counter::kIsRate);
}

// GFLOP/s that one core reaches with multiply-adds on registers, best of a few tries, measured
// right before it is used because clocks change.
template <typename T>
double MeasurePeak() {
  std::vector<T> sink(1024, T(1e-3));
  double best = 0;
  for (int i = 0; i < 8; ++i) {
    const clock_t begin = clock();
    double flops = 0;
    for (int j = 0; j < 20; ++j) flops += static_cast<double>(RunPeak(sink.data()));
    benchmark::DoNotOptimize(sink.data());
    const double seconds = static_cast<double>(clock() - begin) / CLOCKS_PER_SEC;
    best = std::max(best, flops / seconds * 1e-9);
  }
  return best;
}

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

// A matrix as the engine has it: rows padded to whole cache lines.
template <typename T>
class Padded {
 public:
  Padded(size_t rows, size_t cols)
      : rows_(rows), cols_(cols), stride_((cols + 15) / 16 * 16), memory_(rows * stride_ + 64) {
    for (size_t i = 0; i < memory_.size(); ++i) memory_[i] = T(int(i * 37 % 101) - 50) / 50;
  }
  Matrix<T> view() {
    const size_t skip = (64 - reinterpret_cast<uintptr_t>(memory_.data()) % 64) % 64 / sizeof(T);
    return {memory_.data() + skip, rows_, cols_, stride_};
  }

 private:
  size_t rows_;
  size_t cols_;
  size_t stride_;
  std::vector<T> memory_;
};

enum class Form { kNN, kTN, kNT };

// c (m x n) over k steps.
template <typename T>
void GemmBenchmark(benchmark::State& state, const std::string& simd, Form form, size_t m, size_t k,
                   size_t n) {
  SetSimd(simd);
  Padded<T> a = form == Form::kTN ? Padded<T>(k, m) : Padded<T>(m, k);
  Padded<T> b = form == Form::kNT ? Padded<T>(n, k) : Padded<T>(k, n);
  Padded<T> c(m, n);
  const double peak = MeasurePeak<T>();
  for (auto _ : state) {
    if (form == Form::kNN) GemmNN(a.view(), b.view(), c.view(), false);
    if (form == Form::kTN) GemmTN(a.view(), b.view(), c.view(), false);
    if (form == Form::kNT) GemmNT(a.view(), b.view(), c.view(), false);
    benchmark::ClobberMemory();
  }
  const double gflop = 2e-9 * static_cast<double>(m) * static_cast<double>(k * n);
  state.counters["GFLOP/s"] = Rate(state, gflop);
  state.counters["of_peak"] = Rate(state, gflop / peak);
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
    {"square", 512, 512, 512, false},    {"square", 1024, 1024, 1024, false}};

template <typename T>
void RegisterGemm(const std::string& simd) {
  const auto add = [&](const LayerShape& layer, const char* name, Form form, size_t m, size_t k,
                       size_t n) {
    const std::string shape = std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n);
    benchmark::RegisterBenchmark(
        ("gemm/" + simd + "/" + kTypeName<T> + "/" + layer.network + "/" + name + "/" + shape)
            .c_str(),
        [=](benchmark::State& state) { GemmBenchmark<T>(state, simd, form, m, k, n); });
  };
  for (const LayerShape& layer : kLayers) {
    add(layer, "NN", Form::kNN, layer.batch, layer.inputs, layer.outputs);
    add(layer, "TN", Form::kTN, layer.inputs, layer.batch, layer.outputs);
    if (!layer.first) add(layer, "NT", Form::kNT, layer.batch, layer.outputs, layer.inputs);
  }
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

template <typename T>
void RegisterAll(const std::string& simd) {
  benchmark::RegisterBenchmark(("peak/" + simd + "/" + kTypeName<T>).c_str(),
                               [=](benchmark::State& state) { PeakBenchmark<T>(state, simd); });
  RegisterGemm<T>(simd);
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
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
#endif  // HWY_ONCE
