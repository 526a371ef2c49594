#include "framework/kernels/peak.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "framework/kernels/simd.h"

namespace nabla {
namespace {

// Chain i begins with i and gets a b as often as the count of operations says.
template <typename T>
void CheckChains() {
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    std::vector<T> sink(1024, T(-1));
    sink[0] = T(0.5);
    sink[1] = T(0.25);
    const size_t operations = RunPeak(sink.data());
    size_t written = 0;
    while (sink[written] != T(-1)) ++written;
    ASSERT_EQ(written % 12, 0u);
    const size_t steps = operations / 2 / written;
    ASSERT_EQ(steps * 2 * written, operations);
    for (size_t i = 0; i < written; ++i) {
      const size_t chain = i / (written / 12);
      T sum = static_cast<T>(chain);
      for (size_t step = 0; step < steps; ++step) sum = std::fma(T(0.5), T(0.25), sum);
      ASSERT_EQ(sink[i], sum) << i;
    }
  }
}

TEST(PeakTest, CountsTheOperationsThatItDoes) {
  CheckChains<float>();
  CheckChains<double>();
}

TEST(PeakTest, FloatsAreAboutTwiceAsManyAsDoubles) {
  SetSimd("");
  const double floats = MeasurePeak<float>();
  EXPECT_GT(floats, 1);
  EXPECT_GT(floats, 1.2 * MeasurePeak<double>());
}

TEST(PeakTest, TriadAddsThreeTimes) {
  std::vector<float> x(67), y(67), z(67);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(i);
    z[i] = static_cast<float>(2 * i);
  }
  Triad(x.data(), z.data(), y.data(), x.size());
  for (size_t i = 0; i < x.size(); ++i) EXPECT_EQ(y[i], static_cast<float>(7 * i));
}

}  // namespace
}  // namespace nabla
