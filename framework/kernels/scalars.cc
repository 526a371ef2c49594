#include "framework/kernels/scalars.h"

#include "framework/kernels/elementwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

using OneLane = hn::CappedTag<double, 1>;

double Exp(double x) { return hn::GetLane(VExp(OneLane(), hn::Set(OneLane(), x))); }
double Log(double x) { return hn::GetLane(VLog(OneLane(), hn::Set(OneLane(), x))); }
double Log1p(double x) { return hn::GetLane(VLog1p(OneLane(), hn::Set(OneLane(), x))); }
double Sigmoid(double x) { return hn::GetLane(VSigmoid(OneLane(), hn::Set(OneLane(), x))); }
double Sin(double x) { return hn::GetLane(hn::Sin(OneLane(), hn::Set(OneLane(), x))); }

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE

// One target, compiled into every program, is enough: all targets give the same bits.
double ExpOf(double x) { return HWY_NAMESPACE::Exp(x); }
double Log1pOf(double x) { return HWY_NAMESPACE::Log1p(x); }
double SigmoidOf(double x) { return HWY_NAMESPACE::Sigmoid(x); }
double SinOf(double x) { return HWY_NAMESPACE::Sin(x); }

double PowerOf(double base, int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result *= base;
    base *= base;
  }
  return result;
}

double RealPowerOf(double base, double exponent) {
  if (exponent == 0) return 1;
  return HWY_NAMESPACE::Exp(exponent * HWY_NAMESPACE::Log(base));
}

}  // namespace nabla
HWY_AFTER_NAMESPACE();
