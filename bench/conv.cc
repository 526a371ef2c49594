#include "bench/conv.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "bench/support.h"
#include "framework/kernels/conv.h"
#include "framework/kernels/im2col.h"
#include "framework/kernels/peak.h"
#include "framework/kernels/simd.h"
#include "framework/tensor/storage.h"

namespace nabla {
namespace {

constexpr size_t kRows = 8;  // of a batch: a block of the engine

struct LayerShape {
  const char* name;
  size_t channels, side, kernel, stride, padding, outputs;

  ConvShape shape() const {
    const size_t out = (side + 2 * padding - kernel) / stride + 1;
    return {.windows = {.channels = channels,
                        .height = side,
                        .width = side,
                        .kernel_h = kernel,
                        .kernel_w = kernel,
                        .stride_h = stride,
                        .stride_w = stride,
                        .pad_h = padding,
                        .pad_w = padding,
                        .out_h = out,
                        .out_w = out},
            .outputs = outputs};
  }
};

constexpr LayerShape kLayers[] = {
    {"1-8_5x5_28", 1, 28, 5, 1, 2, 8},       {"8-16_5x5_14", 8, 14, 5, 1, 0, 16},
    {"3-32_3x3_32", 3, 32, 3, 1, 1, 32},     {"32-32_3x3_32", 32, 32, 3, 1, 1, 32},
    {"32-64_3x3_14", 32, 14, 3, 1, 1, 64},   {"64-64_3x3_16", 64, 16, 3, 1, 1, 64},
    {"64-128_3x3_s2", 64, 16, 3, 2, 1, 128}, {"64-64_1x1_16", 64, 16, 1, 1, 0, 64}};

enum class Product { kForward, kDataGradient, kWeightGradient };

constexpr const char* kProductNames[] = {"forward", "data_gradient", "weight_gradient"};

template <typename T>
void Measure(benchmark::State& state, const LayerShape& layer, Product product, bool direct) {
  const ConvShape shape = layer.shape();
  const Windows& w = shape.windows;
  Padded<T> x(kRows, w.channels * w.plane()), y(kRows, shape.outputs * w.positions());
  Padded<T> weights(shape.outputs, w.seen());
  Storage<T> scratch(std::max(PatchNumbers<T>(w), ConvScratch<T>(shape)));
  const auto run = [&] {
    if (product == Product::kForward) {
      const auto forward = direct ? ConvForward<T> : Im2colForward<T>;
      forward(shape, x.view(), weights.view(), nullptr, scratch.data(), y.view());
    } else if (product == Product::kDataGradient) {
      const auto back = direct ? ConvDataGradient<T> : Im2colDataGradient<T>;
      back(shape, y.view(), weights.view(), nullptr, scratch.data(), x.view());
    } else {
      const auto gradient = direct ? ConvWeightGradient<T> : Im2colWeightGradient<T>;
      gradient(shape, x.view(), y.view(), false, scratch.data(), weights.view());
    }
  };
  const double peak = MeasurePeak<T>();
  run();
  for (auto _ : state) {
    run();
    benchmark::ClobberMemory();
  }
  const double gflop = 2e-9 * static_cast<double>(kRows * shape.outputs * w.positions()) *
                       static_cast<double>(w.seen());
  state.counters["GFLOP/s"] = Rate(state, gflop);
  state.counters["of_peak"] = Rate(state, gflop / peak);
}

template <typename T>
void RegisterLayers(const std::string& simd) {
  for (const LayerShape& layer : kLayers) {
    for (const Product product :
         {Product::kForward, Product::kDataGradient, Product::kWeightGradient}) {
      for (const bool direct : {false, true}) {
        const std::string name = "conv/" + simd + "/" + kTypeName<T> + "/" + layer.name + "/" +
                                 kProductNames[static_cast<int>(product)] +
                                 (direct ? "/direct" : "/im2col");
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
          SetSimd(simd);
          Measure<T>(state, layer, product, direct);
        });
      }
    }
  }
}

}  // namespace

void RegisterConv() {
  for (const std::string& simd : SimdNames()) {
    RegisterLayers<float>(simd);
    RegisterLayers<double>(simd);
  }
}

}  // namespace nabla
