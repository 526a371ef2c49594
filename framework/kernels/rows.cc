#include "framework/kernels/rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/rows.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/elementwise-inl.h"
#include "framework/kernels/part-inl.h"
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

// Sums are 16 partial sums by column mod 16, whatever the register's width.
constexpr size_t kPartials = 16;

// Maximum of row (n). It may miss a NaN, which then reaches every element through the sum.
template <typename T>
HWY_INLINE T RowMax(const T* row, size_t n) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  const auto lowest = hn::Set(d, -std::numeric_limits<T>::infinity());
  auto max = lowest;
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) max = hn::Max(max, hn::LoadU(d, row + i));
  if (i < n) {
    const auto mask = hn::FirstN(d, n - i);
    max = hn::Max(max, hn::IfThenElse(mask, Part(d, n - i).Load(row + i), lowest));
  }
  return hn::GetLane(hn::MaxOfLanes(d, max));
}

// Lane i + lane i + half, until one is left.
template <class D>
HWY_INLINE hn::TFromD<D> SumByHalves(D d, hn::Vec<D> v) {
  if constexpr (hn::MaxLanes(d) == 1) {
    return hn::GetLane(v);
  } else {
    const hn::Half<D> half;
    return SumByHalves(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  }
}

// p[c] = exp(z[c] - max), c < n; returns the sum of p.
template <typename T>
HWY_INLINE T ExpRow(const T* z, T* p, size_t n, T max) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const size_t lanes = hn::Lanes(d);
  constexpr size_t kVectors = kPartials / hn::MaxLanes(d);
  const V max_v = hn::Set(d, max);
  V partial[kVectors];
  HWY_UNROLL(4)
  for (V& sum : partial) sum = hn::Zero(d);
  for (size_t i = 0; i < n;) {
    HWY_UNROLL(4)
    for (size_t v = 0; v < kVectors && i < n; ++v, i += lanes) {
      if (i + lanes <= n) {
        const V e = VExp(d, hn::Sub(hn::LoadU(d, z + i), max_v));
        hn::StoreU(e, d, p + i);
        partial[v] = hn::Add(partial[v], e);
      } else {
        const Part rest(d, n - i);
        const V e = VExp(d, hn::Sub(rest.Load(z + i), max_v));
        rest.Store(e, p + i);
        partial[v] = hn::Add(partial[v], hn::IfThenElseZero(hn::FirstN(d, n - i), e));
      }
    }
  }
  for (size_t half = kVectors / 2; half > 0; half /= 2) {
    for (size_t v = 0; v < half; ++v) partial[v] = hn::Add(partial[v], partial[v + half]);
  }
  return SumByHalves(d, partial[0]);
}

template <typename T>
HWY_INLINE void SoftmaxRowsT(Matrix<const T> z, Matrix<T> p) {
  // A masked store cannot be loaded back at once; work on other rows fills the wait.
  constexpr size_t kRows = 16;
  for (size_t first = 0; first < z.rows; first += kRows) {
    const size_t rows = std::min(kRows, z.rows - first);
    T sums[kRows];
    for (size_t r = 0; r < rows; ++r) {
      const T* row = z.Row(first + r);
      sums[r] = ExpRow(row, p.Row(first + r), z.cols, RowMax(row, z.cols));
    }
    for (size_t r = 0; r < rows; ++r) {
      const T sum = sums[r];
      T* row = p.Row(first + r);
      Map1([sum](auto d, auto v) HWY_ATTR { return hn::Div(v, hn::Set(d, sum)); },
           static_cast<const T*>(row), row, z.cols);
    }
  }
}

void SoftmaxRowsFloat(Matrix<const float> z, Matrix<float> p) { SoftmaxRowsT<float>(z, p); }
void SoftmaxRowsDouble(Matrix<const double> z, Matrix<double> p) { SoftmaxRowsT<double>(z, p); }

void LogSpanDouble(const double* x, double* out, size_t n) {
  Map1([](auto d, auto v) HWY_ATTR { return VLog(d, v); }, x, out, n);
}

template <typename T>
HWY_INLINE void ColumnSumsT(Matrix<const T> x, T* out, bool accumulate) {
  if (!accumulate) std::memset(out, 0, x.cols * sizeof(T));
  for (size_t r = 0; r < x.rows; ++r) {
    Map2([](auto, auto sum, auto v) HWY_ATTR { return hn::Add(sum, v); },
         static_cast<const T*>(out), x.Row(r), out, x.cols);
  }
}

void ColumnSumsFloat(Matrix<const float> x, float* out, bool accumulate) {
  ColumnSumsT<float>(x, out, accumulate);
}
void ColumnSumsDouble(Matrix<const double> x, double* out, bool accumulate) {
  ColumnSumsT<double>(x, out, accumulate);
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {

HWY_EXPORT(SoftmaxRowsFloat);
HWY_EXPORT(SoftmaxRowsDouble);
HWY_EXPORT(LogSpanDouble);
HWY_EXPORT(ColumnSumsFloat);
HWY_EXPORT(ColumnSumsDouble);

template <>
void SoftmaxRows<float>(Matrix<const float> z, Matrix<float> p) {
  HWY_DYNAMIC_DISPATCH(SoftmaxRowsFloat)(z, p);
}
template <>
void SoftmaxRows<double>(Matrix<const double> z, Matrix<double> p) {
  HWY_DYNAMIC_DISPATCH(SoftmaxRowsDouble)(z, p);
}

template <>
void ColumnSums<float>(Matrix<const float> x, float* out, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(ColumnSumsFloat)(x, out, accumulate);
}
template <>
void ColumnSums<double>(Matrix<const double> x, double* out, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(ColumnSumsDouble)(x, out, accumulate);
}

template <typename T>
size_t ArgMax(const T* row, size_t n) {
  size_t best = 0;
  for (size_t i = 1; i < n; ++i) {
    if (row[i] > row[best] || (std::isnan(row[best]) && !std::isnan(row[i]))) best = i;
  }
  return best;
}
template size_t ArgMax<float>(const float* row, size_t n);
template size_t ArgMax<double>(const double* row, size_t n);

void LogSpan(const double* x, double* out, size_t n) {
  HWY_DYNAMIC_DISPATCH(LogSpanDouble)(x, out, n);
}

double LogOf(double x) {
  double result;
  LogSpan(&x, &result, 1);
  return result;
}

}  // namespace nabla
#endif  // HWY_ONCE
