#include "framework/base/quantile.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nabla {
namespace {

// Computed with Python's statistics.NormalDist; the first two also stand in every table.
TEST(QuantileTest, KnownAnswers) {
  struct {
    double tail, z;
  } const known[] = {
      {0.25, 0.6744897501960817},   {0.025, 1.9599639845400538}, {0.4, 0.2533471031357998},
      {0.1, 1.2815515655446008},    {0.076, 1.4325027208258114}, {0.075, 1.4395314709384557},
      {0.074, 1.4466320671589785},  {1e-3, 3.090232306167813},   {1e-6, 4.753424308822899},
      {2e-11, 6.604077590405633},   {1e-11, 6.706023155495136},  {1e-14, 7.650628092935268},
      {0x1p-54, 8.292361075813595},
  };
  for (const auto& row : known) {
    EXPECT_NEAR(UpperNormalQuantile(row.tail), row.z, 2e-15 * row.z) << row.tail;
  }
  EXPECT_EQ(UpperNormalQuantile(0.5), 0);
}

// The complementary error function is the inverse: tail = erfc(z / sqrt 2) / 2. An error e of z
// changes the tail by the factor 1 - z e (far out).
TEST(QuantileTest, InvertsTheDistribution) {
  for (double tail = 0.5; tail >= 0x1p-54; tail *= 0.99) {
    const double z = UpperNormalQuantile(tail);
    EXPECT_NEAR(std::erfc(z / std::sqrt(2.0)) / 2, tail, tail * 1e-15 * (4 + 4 * z * z)) << tail;
  }
}

TEST(QuantileTest, FallsSteadily) {
  double last = UpperNormalQuantile(0x1p-54);
  for (double tail = 0x1p-53; tail <= 0.5; tail *= 1.001) {
    const double z = UpperNormalQuantile(tail);
    EXPECT_LT(z, last) << tail;
    last = z;
  }
}

}  // namespace
}  // namespace nabla
