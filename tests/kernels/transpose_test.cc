#include "framework/kernels/transpose.h"

#include <gtest/gtest.h>

#include "framework/kernels/simd.h"
#include "tests/kernels/guarded.h"

namespace nabla {
namespace {

template <typename T>
class TransposeTest : public testing::Test {
 protected:
  ~TransposeTest() override { SetSimd(""); }
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(TransposeTest, Reals);

TYPED_TEST(TransposeTest, EveryRaggedEdge) {
  std::mt19937_64 random(3);
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    for (size_t rows = 0; rows <= 19; ++rows) {
      for (size_t cols = 0; cols <= 19; ++cols) {
        GuardedMatrix<TypeParam> in(rows, cols, cols + 1 + random() % 4);
        GuardedMatrix<TypeParam> out(cols, rows, rows + 1 + random() % 4);
        Fill(in.view(), random, true);
        Transpose(in.view(), out.view());
        EXPECT_TRUE(out.Intact());
        for (size_t r = 0; r < rows; ++r) {
          for (size_t c = 0; c < cols; ++c) {
            ASSERT_TRUE(SameBits(in.view()(r, c), out.view()(c, r))) << rows << " x " << cols;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace nabla
