#include "framework/kernels/gather.h"

#include <gtest/gtest.h>

#include <random>

#include "framework/kernels/simd.h"
#include "tests/kernels/guarded.h"

namespace nabla {
namespace {

template <typename T>
class GatherTest : public testing::Test {
 protected:
  ~GatherTest() override { SetSimd(""); }

  // All 256 bytes, at every length of the tail.
  void Check(T divisor, T mean, T std) {
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      for (size_t n = 225; n <= 256; ++n) {
        GuardedArray<uint8_t> in(n);
        GuardedArray<T> out(n);
        for (size_t i = 0; i < n; ++i) in[i] = static_cast<uint8_t>(i);
        BytesToReal<T>(in.data(), out.data(), n, divisor, mean, std);
        for (size_t i = 0; i < n; ++i) {
          volatile T want = static_cast<T>(i) / divisor;
          if (mean != 0 || std != 1) {
            want = want - mean;
            want = want / std;
          }
          ASSERT_TRUE(SameBits<T>(out[i], want)) << simd << " byte " << i << " / " << divisor;
        }
      }
    }
  }
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(GatherTest, Reals);

TYPED_TEST(GatherTest, CorrectlyRoundedQuotient) {
  for (const double divisor : {255.0, 256.0, 1.0, 127.5, 3.0, -7.0, 1e30, 1e-30}) {
    this->Check(static_cast<TypeParam>(divisor), 0, 1);
  }
}

TYPED_TEST(GatherTest, NormalisedWithEveryStepRounded) {
  this->Check(255, TypeParam(0.1307), TypeParam(0.3081));
  this->Check(255, TypeParam(0.5), 1);
  this->Check(255, 0, TypeParam(0.5));
}

TYPED_TEST(GatherTest, NothingToDo) { BytesToReal<TypeParam>(nullptr, nullptr, 0, 255, 0, 1); }

}  // namespace
}  // namespace nabla
