#include "framework/kernels/peak.h"

#include <time.h>

#include <algorithm>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/peak.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

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

void TriadFloat(const float* x, const float* z, float* y, size_t n) {
  const hn::ScalableTag<float> d;
  const auto three = hn::Set(d, 3.0f);
  size_t i = 0;
  for (; i + hn::Lanes(d) <= n; i += hn::Lanes(d)) {
    hn::StoreU(hn::MulAdd(three, hn::LoadU(d, z + i), hn::LoadU(d, x + i)), d, y + i);
  }
  for (; i < n; ++i) y[i] = x[i] + 3 * z[i];
}

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
HWY_EXPORT(TriadFloat);

// Seconds that this thread has had a core.
double ThreadSeconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

}  // namespace

template <>
size_t RunPeak(float* sink) {
  return HWY_DYNAMIC_DISPATCH(PeakFloat)(sink);
}
template <>
size_t RunPeak(double* sink) {
  return HWY_DYNAMIC_DISPATCH(PeakDouble)(sink);
}

template <typename T>
double MeasurePeak() {
  std::vector<T> sink(1024, T(1e-3));
  double best = 0;
  for (int i = 0; i < 8; ++i) {
    const double begin = ThreadSeconds();
    double flops = 0;
    for (int j = 0; j < 20; ++j) flops += static_cast<double>(RunPeak(sink.data()));
    best = std::max(best, flops / (ThreadSeconds() - begin) * 1e-9);
  }
  return best;
}

template double MeasurePeak<float>();
template double MeasurePeak<double>();

void Triad(const float* x, const float* z, float* y, size_t n) {
  HWY_DYNAMIC_DISPATCH(TriadFloat)(x, z, y, n);
}

}  // namespace nabla
#endif  // HWY_ONCE
