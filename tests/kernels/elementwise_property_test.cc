// Elementwise functions of numbers with any bits at all, against libm's in long double.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "framework/kernels/simd.h"
#include "tests/kernels/placed.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/kernels/elementwise_property_test.cc"
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

// The seven functions, one behind the other: y (7, n) of x (n).
template <typename T>
void RunAll(const T* x, T* y, size_t n) {
  Map1([](auto d, auto v) HWY_ATTR { return VExp(d, v); }, x, y, n);
  Map1([](auto d, auto v) HWY_ATTR { return VLog(d, v); }, x, y + n, n);
  Map1([](auto d, auto v) HWY_ATTR { return VLog1p(d, v); }, x, y + 2 * n, n);
  Map1([](auto d, auto v) HWY_ATTR { return VExpm1(d, v); }, x, y + 3 * n, n);
  Map1([](auto d, auto v) HWY_ATTR { return VTanh(d, v); }, x, y + 4 * n, n);
  Map1([](auto d, auto v) HWY_ATTR { return VSigmoid(d, v); }, x, y + 5 * n, n);
  Map1([](auto d, auto v) HWY_ATTR { return VErf(d, v); }, x, y + 6 * n, n);
}

void RunFloat(const float* x, float* y, size_t n) { RunAll(x, y, n); }
void RunDouble(const double* x, double* y, size_t n) { RunAll(x, y, n); }

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {
namespace {

HWY_EXPORT(RunFloat);
HWY_EXPORT(RunDouble);
void Run(const float* x, float* y, size_t n) { HWY_DYNAMIC_DISPATCH(RunFloat)(x, y, n); }
void Run(const double* x, double* y, size_t n) { HWY_DYNAMIC_DISPATCH(RunDouble)(x, y, n); }

long double Sigmoid(long double x) { return 1 / (1 + std::exp(-x)); }

struct Function {
  const char* name;
  long double (*exact)(long double);
  int ulps;  // as elementwise-inl.h states
};
const Function kFunctions[] = {{"exp", std::exp, 1},     {"log", std::log, 1},
                               {"log1p", std::log1p, 3}, {"expm1", std::expm1, 4},
                               {"tanh", std::tanh, 4},   {"sigmoid", Sigmoid, 3},
                               {"erf", std::erf, 2}};

// A number whose sign, exponent and fraction are all drawn; one in two of a size that matters.
template <typename T>
T AnyNumber(std::mt19937_64& random) {
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  const T any = std::bit_cast<T>(static_cast<Bits>(random()));
  return random() % 2 == 0 ? any : 100 * RandomNumber<T>(random, true);
}

// Whether `found` is exact rounded, or `ulps` beside it; below the normal numbers anything that
// small will do.
template <typename T>
bool IsClose(T found, long double exact, int ulps) {
  using Limits = std::numeric_limits<T>;
  const T rounded = static_cast<T>(exact);
  if (std::isnan(rounded)) return std::isnan(found);
  if (found == rounded) return true;
  if (std::abs(rounded) < 2 * Limits::min()) return std::abs(found) < 2 * Limits::min();
  const T size = std::abs(rounded);
  const T ulp = std::isinf(size) ? size : std::nextafter(size, Limits::infinity()) - size;
  // The largest numbers may round to infinity.
  if (std::isinf(ulp)) return std::abs(found) >= Limits::max() * (1 - ulps * Limits::epsilon());
  return std::abs(found - exact) <= static_cast<long double>(ulps) * ulp;
}

template <typename T>
class ElementwiseProperty : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(ElementwiseProperty, Reals);

TYPED_TEST(ElementwiseProperty, AnyBits) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    std::mt19937_64 random = DrawRandom();
    std::vector<T> x(Draw(1, 70));
    for (T& v : x) v = AnyNumber<T>(random);
    std::vector<T> first;
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      std::vector<T> y(std::size(kFunctions) * x.size());
      Run(x.data(), y.data(), x.size());
      if (first.empty()) first = y;
      for (size_t i = 0; i < y.size(); ++i) RC_ASSERT(SameBits(y[i], first[i]));
    }
    SetSimd("");
    for (size_t f = 0; f < std::size(kFunctions); ++f) {
      for (size_t i = 0; i < x.size(); ++i) {
        const T found = first[f * x.size() + i];
        const long double exact = kFunctions[f].exact(x[i]);
        if (IsClose(found, exact, kFunctions[f].ulps)) continue;
        RC_LOG() << kFunctions[f].name << "(" << x[i] << ") is " << found << ", not " << exact
                 << "\n";
        RC_FAIL("too far from the exact value");
      }
    }
  });
}

}  // namespace
}  // namespace nabla
#endif  // HWY_ONCE
