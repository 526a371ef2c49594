#include "framework/kernels/scalars.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "framework/base/hash.h"

namespace nabla {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ScalarsTest, AgreeWithTheLibraryToAFewUnits) {
  for (double x = -30; x <= 30; x += 0.37) {
    EXPECT_NEAR(ExpOf(x), std::exp(x), 4e-16 * std::exp(x)) << x;
    EXPECT_NEAR(SigmoidOf(x), 1 / (1 + std::exp(-x)), 4e-16) << x;
    EXPECT_NEAR(SinOf(x), std::sin(x), 4e-16) << x;
    EXPECT_NEAR(Log1pOf(std::abs(x)), std::log1p(std::abs(x)), 2e-15) << x;
  }
  EXPECT_EQ(ExpOf(-kInfinity), 0);
  EXPECT_EQ(Log1pOf(0), 0);
  EXPECT_EQ(SinOf(0), 0);
}

TEST(ScalarsTest, WholePowersAreProducts) {
  EXPECT_EQ(PowerOf(0.9, 0), 1);
  EXPECT_EQ(PowerOf(0, 0), 1);
  EXPECT_EQ(PowerOf(0, 3), 0);
  EXPECT_EQ(PowerOf(3, 5), 243);
  EXPECT_NEAR(PowerOf(0.999, 100000), std::pow(0.999, 100000), 1e-11 * std::pow(0.999, 100000));
}

TEST(ScalarsTest, RealPowers) {
  EXPECT_EQ(RealPowerOf(0, 0), 1);
  EXPECT_EQ(RealPowerOf(0, 0.5), 0);
  EXPECT_EQ(RealPowerOf(1, 7.5), 1);
  EXPECT_NEAR(RealPowerOf(0.96, 0.4), std::pow(0.96, 0.4), 4e-16);
  EXPECT_NEAR(RealPowerOf(2, 10), 1024, 1024 * 4e-15);
}

// Written down on x86-64, and the same on every processor.
TEST(ScalarsTest, BitsAreThoseOfEveryProcessor) {
  Hasher hasher;
  for (int i = -4000; i < 4000; ++i) {
    const double x = i / 128.0;
    const double values[] = {ExpOf(x), SigmoidOf(x), SinOf(x), Log1pOf(std::abs(x)),
                             RealPowerOf(std::abs(x), 0.75)};
    hasher.Add(values, sizeof(values));
  }
  EXPECT_EQ(hasher.Hex(), "df73f57b3d2a1f47db9d42aba1b9762c");
}

}  // namespace
}  // namespace nabla
