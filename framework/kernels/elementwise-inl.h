// Elementwise loops and functions, for code that is compiled once for every SIMD target:
//   Map1([](auto d, auto x) HWY_ATTR { return VTanh(d, x); }, in, out, n);
// Without HWY_ATTR a lambda is compiled for the baseline and not inlined. An element's result
// depends neither on its position nor on the target.

#if defined(NABLA_FRAMEWORK_KERNELS_ELEMENTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_KERNELS_ELEMENTWISE_INL_H_
#undef NABLA_FRAMEWORK_KERNELS_ELEMENTWISE_INL_H_
#else
#define NABLA_FRAMEWORK_KERNELS_ELEMENTWISE_INL_H_
#endif

#include <cstddef>
#include <limits>

#include "framework/kernels/part-inl.h"
#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// y[i] = f(d, x[i]), i < n. y may be x.
template <class F, typename T>
HWY_INLINE void Map1(F f, const T* x, T* y, size_t n) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(f(d, hn::LoadU(d, x + i)), d, y + i);
  if (i < n) {
    const Part rest(d, n - i);
    rest.Store(f(d, rest.Load(x + i)), y + i);
  }
}

// z[i] = f(d, x[i], y[i]), i < n. z may be x or y.
template <class F, typename T>
HWY_INLINE void Map2(F f, const T* x, const T* y, T* z, size_t n) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(f(d, hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, z + i);
  }
  if (i < n) {
    const Part rest(d, n - i);
    rest.Store(f(d, rest.Load(x + i), rest.Load(y + i)), z + i);
  }
}

// w[i] = f(d, x[i], y[i], z[i]), i < n. w may be x, y or z.
template <class F, typename T>
HWY_INLINE void Map3(F f, const T* x, const T* y, const T* z, T* w, size_t n) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(f(d, hn::LoadU(d, x + i), hn::LoadU(d, y + i), hn::LoadU(d, z + i)), d, w + i);
  }
  if (i < n) {
    const Part rest(d, n - i);
    rest.Store(f(d, rest.Load(x + i), rest.Load(y + i), rest.Load(z + i)), w + i);
  }
}

// The functions below take any float or double vector and give what libm gives for +-inf, NaN,
// +-0, huge and tiny arguments (a NaN's sign and payload aside), with errors in units in the last
// place (ulp) as stated. Highway's versions, on which they are built, are valid on smaller domains.

// Limits x: larger arguments overflow to inf anyway, and Highway's scaling could make them NaN.
template <class D>
HWY_INLINE hn::Vec<D> BelowOverflow(D d, hn::Vec<D> x) {
  using T = hn::TFromD<D>;
  return hn::Min(x, hn::Set(d, sizeof(T) == 4 ? T(104) : T(720)));
}

// e^x, 1 ulp.
template <class D, class V>
HWY_INLINE V VExp(D d, V x) {
  return hn::IfThenElse(hn::IsNaN(x), x, hn::Exp(d, BelowOverflow(d, x)));
}

// log(x), 1 ulp.
template <class D, class V>
HWY_INLINE V VLog(D d, V x) {
  using Limits = std::numeric_limits<hn::TFromD<D>>;
  const V zero = hn::Zero(d);
  const V infinity = hn::Set(d, Limits::infinity());
  V y = hn::Log(d, x);
  y = hn::IfThenElse(hn::Eq(x, zero), hn::Neg(infinity), y);
  y = hn::IfThenElse(hn::Lt(x, zero), hn::Set(d, Limits::quiet_NaN()), y);
  return hn::IfThenElse(hn::Or(hn::IsNaN(x), hn::Eq(x, infinity)), x, y);
}

// log(1 + x), 3 ulp. The quotient undoes the rounding of 1 + x (D. Goldberg, "What every computer
// scientist should know about floating-point arithmetic", theorem 4).
template <class D, class V>
HWY_INLINE V VLog1p(D d, V x) {
  using Limits = std::numeric_limits<hn::TFromD<D>>;
  const V one = hn::Set(d, hn::TFromD<D>(1));
  const V y = hn::Add(x, one);
  const V log = VLog(d, y);
  const V corrected = hn::Mul(log, hn::Div(x, hn::Sub(y, one)));
  const auto infinite = hn::Gt(hn::Abs(log), hn::Set(d, Limits::max()));
  return hn::IfThenElse(hn::Eq(y, one), x, hn::IfThenElse(infinite, log, corrected));
}

// e^x - 1, 4 ulp.
template <class D, class V>
HWY_INLINE V VExpm1(D d, V x) {
  const auto as_is = hn::Or(hn::IsNaN(x), hn::Eq(x, hn::Zero(d)));
  return hn::IfThenElse(as_is, x, hn::Expm1(d, BelowOverflow(d, x)));
}

// tanh(x), 4 ulp.
template <class D, class V>
HWY_INLINE V VTanh(D d, V x) {
  return hn::IfThenElse(hn::IsNaN(x), x, hn::Tanh(d, x));
}

// 1 / (1 + e^-x), 3 ulp. Only exponentials of -|x| are taken, so nothing overflows.
template <class D, class V>
HWY_INLINE V VSigmoid(D d, V x) {
  const V one = hn::Set(d, hn::TFromD<D>(1));
  const V e = VExp(d, hn::Neg(hn::Abs(x)));
  const V numerator = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), e, one);
  return hn::Div(numerator, hn::Add(one, e));
}

// Minimax polynomials in ascending powers (Remez exchange in 50 digits).
// kNear: erf(x) / x - 1 in x^2, |x| <= 1. kFar: -log(erfc(x)) in x - 1.5, 1 <= x <= kEnd, with
// weight erfc(x), so that the error of erf stays even; from kEnd on erf rounds to 1.
template <typename T>
struct ErfTable;

template <>
struct ErfTable<float> {
  static constexpr float kEnd = 4;
  static constexpr float kNear[] = {0.12837916591465432051f,    -0.37612627140440545631f,
                                    0.11283600211815888544f,    -0.026854445581508076231f,
                                    0.0051895364619392613762f,  -0.00080208456984069043977f,
                                    0.000078891191574878387936f};
  static constexpr float kFar[] = {3.3844920818296191076f,     3.5088011034442869102f,
                                   0.8926417596908543527f,     0.025820378116847957242f,
                                   -0.0060213880929025162476f, 0.001269439323510443406f,
                                   -0.00018557129647870242369f};
};

template <>
struct ErfTable<double> {
  static constexpr double kEnd = 6;
  static constexpr double kNear[] = {
      0.12837916709551257377,    -0.37612638903183748178,     0.11283791670954884473,
      -0.026866170645077875148,  0.0052239776248284306696,    -0.00085483269814255420875,
      0.00012055331132955819588, -0.000014925595772180905342, 1.6461008477802701324e-6,
      -1.6350396222864616262e-7, 1.4660328722742259544e-8,    -1.1374955736070149599e-9,
      5.9606853385209710332e-11};
  static constexpr double kFar[] = {
      3.3844920895515528369,      3.5088008017795249139,      0.89264033061500290337,
      0.025824140633787288883,    -0.0060067463852177245217,  0.0012572166843582200741,
      -0.00021596331952961026197, 0.000022473713094204401448, 2.6469054017838513365e-6,
      -2.3709893586322895257e-6,  8.1866276797187383479e-7,   -1.9216729026588618668e-7,
      2.7620989022604489937e-8,   7.5707727147619084652e-10,  -1.7916842749369110097e-9,
      5.2988215885344408683e-10,  -7.7968594075469140901e-11, 4.8646667999795937195e-12};
};

// Horner's rule, in the same order on every target.
template <class D, class V, typename T, size_t kSize>
HWY_INLINE V Polynomial(D d, V x, const T (&coefficients)[kSize]) {
  V y = hn::Set(d, coefficients[kSize - 1]);
  HWY_UNROLL(20)
  for (size_t i = kSize - 1; i > 0; --i) y = hn::MulAdd(y, x, hn::Set(d, coefficients[i - 1]));
  return y;
}

// The error function, 2 ulp.
template <class D, class V>
HWY_INLINE V VErf(D d, V x) {
  using T = hn::TFromD<D>;
  using Table = ErfTable<T>;
  const V one = hn::Set(d, T(1));
  const V size = hn::Abs(x);
  const V near = hn::MulAdd(Polynomial(d, hn::Mul(x, x), Table::kNear), x, x);
  const V shifted = hn::Sub(hn::Min(size, hn::Set(d, Table::kEnd)), hn::Set(d, T(1.5)));
  const V erfc = hn::Exp(d, hn::Neg(Polynomial(d, shifted, Table::kFar)));
  const V far = hn::CopySignToAbs(hn::Sub(one, erfc), x);
  // A NaN is not beyond 1, so it takes the branch that keeps it.
  return hn::IfThenElse(hn::Gt(size, one), far, near);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_KERNELS_ELEMENTWISE_INL_H_
