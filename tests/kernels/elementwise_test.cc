#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "framework/base/hash.h"
#include "framework/kernels/simd.h"
#include "tests/kernels/guarded.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/kernels/elementwise_test.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/elementwise-inl.h"
#include "hwy/highway.h"
// clang-format on

// Calls X(name) for every function under test.
#ifndef NABLA_TEST_FUNCTIONS
#define NABLA_TEST_FUNCTIONS(X) X(Exp) X(Log) X(Log1p) X(Expm1) X(Tanh) X(Sigmoid) X(Erf)
#endif

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

#define NABLA_TEST_DEFINE(name)                                           \
  void name##Float(const float* x, float* y, size_t n) {                  \
    Map1([](auto d, auto v) HWY_ATTR { return V##name(d, v); }, x, y, n); \
  }                                                                       \
  void name##Double(const double* x, double* y, size_t n) {               \
    Map1([](auto d, auto v) HWY_ATTR { return V##name(d, v); }, x, y, n); \
  }
NABLA_TEST_FUNCTIONS(NABLA_TEST_DEFINE)
#undef NABLA_TEST_DEFINE

void Map2Double(const double* x, const double* y, double* z, size_t n) {
  Map2([](auto, auto a, auto b) HWY_ATTR { return hn::Sub(a, b); }, x, y, z, n);
}

void Map3Double(const double* x, const double* y, const double* z, double* w, size_t n) {
  Map3([](auto, auto a, auto b, auto c) HWY_ATTR { return hn::MulAdd(a, b, c); }, x, y, z, w, n);
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {
namespace {

#define NABLA_TEST_EXPORT(name)                                                                 \
  HWY_EXPORT(name##Float);                                                                      \
  HWY_EXPORT(name##Double);                                                                     \
  void name(const float* x, float* y, size_t n) { HWY_DYNAMIC_DISPATCH(name##Float)(x, y, n); } \
  void name(const double* x, double* y, size_t n) { HWY_DYNAMIC_DISPATCH(name##Double)(x, y, n); }
NABLA_TEST_FUNCTIONS(NABLA_TEST_EXPORT)
#undef NABLA_TEST_EXPORT
HWY_EXPORT(Map2Double);
HWY_EXPORT(Map3Double);

long double SigmoidL(long double x) { return 1 / (1 + std::exp(-x)); }

template <typename T>
struct Function {
  const char* name;
  void (*run)(const T*, T*, size_t);
  long double (*exact)(long double);
  double ulp;        // largest error allowed
  double low, high;  // where that is tested
};

template <typename T>
std::vector<Function<T>> Functions() {
  const double top = sizeof(T) == 4 ? 88.7 : 709.7;
  const double bottom = sizeof(T) == 4 ? -87.3 : -708;
  return {{"exp", Exp, std::exp, 1, bottom, top},   {"log", Log, std::log, 1, 0, 1e6},
          {"log1p", Log1p, std::log1p, 3, -1, 1e6}, {"expm1", Expm1, std::expm1, 4, -50, top},
          {"tanh", Tanh, std::tanh, 4, -25, 25},    {"sigmoid", Sigmoid, SigmoidL, 3, bottom, 50},
          {"erf", Erf, std::erf, 2, -7, 7}};
}

// Numbers between low and high, as many near 0 as far from it.
template <typename T>
std::vector<T> Inputs(double low, double high, size_t n) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> even(low, high);
  std::uniform_real_distribution<double> exponent(sizeof(T) == 4 ? -60 : -300, std::log2(high));
  std::vector<T> x;
  while (x.size() < n) {
    const double sign = random() % 2 == 0 ? 1 : -1;
    const double v = x.size() % 2 == 0 ? even(random) : sign * std::exp2(exponent(random));
    if (v >= low && v <= high) x.push_back(static_cast<T>(v));
  }
  return x;
}

#ifdef NABLA_SANITIZED
constexpr size_t kErrorInputs = 20000;
#else
constexpr size_t kErrorInputs = 300000;
#endif

template <typename T>
class ElementwiseTest : public testing::Test {
 protected:
  ~ElementwiseTest() override { SetSimd(""); }
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(ElementwiseTest, Reals);

TYPED_TEST(ElementwiseTest, ErrorsAreWithinBounds) {
  using T = TypeParam;
  for (const Function<T>& f : Functions<T>()) {
    const std::vector<T> x = Inputs<T>(f.low, f.high, kErrorInputs);
    std::vector<T> y(x.size());
    f.run(x.data(), y.data(), x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      const long double exact = f.exact(x[i]);
      const T size = std::abs(static_cast<T>(exact));
      const T ulp = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
      ASSERT_LE(std::abs(y[i] - exact), f.ulp * ulp) << f.name << "(" << x[i] << ")";
    }
  }
}

TYPED_TEST(ElementwiseTest, SpecialArguments) {
  using T = TypeParam;
  using Limits = std::numeric_limits<T>;
  const std::vector<T> x = {0,
                            T(-0.0),
                            Limits::infinity(),
                            -Limits::infinity(),
                            Limits::quiet_NaN(),
                            Limits::max(),
                            Limits::lowest(),
                            Limits::denorm_min(),
                            -Limits::denorm_min(),
                            -1,
                            1,
                            110,
                            -110,
                            800,
                            -800};
  for (const Function<T>& f : Functions<T>()) {
    std::vector<T> y(x.size());
    f.run(x.data(), y.data(), x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      const T exact = static_cast<T>(f.exact(x[i]));
      if (std::isfinite(exact) && exact != 0) {
        EXPECT_NEAR(y[i], exact, 4 * Limits::epsilon() * std::abs(exact)) << f.name << x[i];
      } else {
        EXPECT_TRUE(SameBits(y[i], exact)) << f.name << "(" << x[i] << ") is " << y[i];
      }
    }
  }
}

TYPED_TEST(ElementwiseTest, PositionAndTargetDoNotMatter) {
  using T = TypeParam;
  for (const Function<T>& f : Functions<T>()) {
    const std::vector<T> x = Inputs<T>(f.low, f.high, 20000);
    SetSimd(SimdNames().back());
    std::vector<T> want(x.size());
    f.run(x.data(), want.data(), x.size());
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      for (size_t n = 0, begin = 0; begin + n < x.size(); begin += n, n = (n + 1) % 71) {
        GuardedArray<T> y(n);
        std::copy_n(x.data() + begin, n, y.data());
        f.run(y.data(), y.data(), n);
        for (size_t i = 0; i < n; ++i) {
          ASSERT_TRUE(SameBits(y[i], want[begin + i])) << simd << " " << f.name << x[begin + i];
        }
      }
    }
  }
}

// As many numbers that are even as such with a random exponent, by exact operations alone.
template <typename T>
std::vector<T> ExactInputs(double low, double high) {
  constexpr int kCount = 20000;
  std::mt19937_64 random(12);
  std::vector<T> x;
  for (int i = 0; i < kCount; ++i) {
    x.push_back(static_cast<T>(low + (high - low) * i / kCount));
    const double digits = static_cast<double>(random() >> 11) - 0x1p52;
    const int exponent = -53 - static_cast<int>(random() % (sizeof(T) == 4 ? 60 : 300));
    x.push_back(std::abs(static_cast<T>(std::ldexp(digits, exponent))));
    if (low < 0 && i % 2 == 0) x.back() = std::max(static_cast<T>(low), -x.back());
  }
  return x;
}

// Written down on x86-64, and the same on every processor.
TEST(ElementwiseBits, AreThoseOfEveryProcessor) {
  const auto hash = []<typename T>(T) {
    Hasher hasher;
    for (const Function<T>& f : Functions<T>()) {
      std::vector<T> x = ExactInputs<T>(f.low, f.high);
      f.run(x.data(), x.data(), x.size());
      hasher.Add(x.data(), x.size() * sizeof(T));
    }
    return hasher.Hex();
  };
  EXPECT_EQ(hash(float{}), "14452bb7a825701804e4b934593918c5");
  EXPECT_EQ(hash(double{}), "e3267a8f0064fd741c5bb8b9ab36f290");
}

TEST(MapTest, TwoAndThreeInputs) {
  std::mt19937_64 random(4);
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    for (size_t n = 0; n <= 20; ++n) {
      GuardedArray<double> x(n), y(n), z(n), w(n);
      for (size_t i = 0; i < n; ++i) {
        x[i] = RandomNumber<double>(random, true);
        y[i] = RandomNumber<double>(random, true);
      }
      HWY_DYNAMIC_DISPATCH(Map2Double)(x.data(), y.data(), z.data(), n);
      HWY_DYNAMIC_DISPATCH(Map3Double)(x.data(), y.data(), z.data(), w.data(), n);
      for (size_t i = 0; i < n; ++i) {
        EXPECT_TRUE(SameBits(z[i], x[i] - y[i]));
        EXPECT_TRUE(SameBits(w[i], std::fma(x[i], y[i], z[i])));
      }
    }
  }
  SetSimd("");
}

}  // namespace
}  // namespace nabla
#endif  // HWY_ONCE
