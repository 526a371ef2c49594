#include "framework/kernels/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "framework/kernels/simd.h"
#include "tests/kernels/guarded.h"

namespace nabla {
namespace {

// What all products promise, step by step.
template <typename T>
T Chain(Strided<T> a, size_t m, const T* b, size_t b_stride, T start) {
  for (size_t k = 0; k < a.cols; ++k) {
    start = std::fma(a.data[m * a.row_stride + k * a.col_stride], b[k * b_stride], start);
  }
  return start;
}

template <typename T>
class GemmTest : public testing::Test {
 protected:
  ~GemmTest() override { SetSimd(""); }

  // Compares one product of every form and start with the chains, on every target.
  void Check(size_t rows, size_t depth, size_t cols, bool specials) {
    rows_ = rows;
    depth_ = depth;
    cols_ = cols;
    specials_ = specials;
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      SCOPED_TRACE(simd + " " + std::to_string(rows) + " x " + std::to_string(depth) + " x " +
                   std::to_string(cols));
      for (const bool accumulate : {false, true}) {
        CheckNN(accumulate);
        CheckTN(accumulate);
        CheckNT(accumulate);
      }
      CheckBias();
    }
  }

  std::mt19937_64 random_{7};

 private:
  // Rows padded to whole cache lines as the engine has them, or anything.
  size_t Stride(size_t cols) {
    if (random_() % 2 == 0) return (cols + 15) / 16 * 16 + (cols == 0 ? 16 : 0);
    return cols + random_() % 5 + (cols == 0 ? 1 : 0);
  }

  GuardedMatrix<T> Random(size_t rows, size_t cols) {
    return GuardedMatrix<T>(rows, cols, Stride(cols));
  }

  // Runs the product on c and compares it with chains over a and b (element (k, n) of b at
  // b[k * b_row + n * b_col]) that begin at bias, if there is one, else at c or 0.
  template <class Product>
  void Compare(Strided<T> a, const T* b, size_t b_row, size_t b_col, const T* bias, bool accumulate,
               Product product) {
    GuardedMatrix<T> c = Random(rows_, cols_);
    GuardedMatrix<T> want = Random(rows_, cols_);
    Fill(c.view(), random_, specials_);
    for (size_t m = 0; m < rows_; ++m) {
      for (size_t n = 0; n < cols_; ++n) {
        const T start = bias != nullptr ? bias[n] : accumulate ? c.view()(m, n) : T(0);
        want.view()(m, n) = Chain(a, m, b + n * b_col, b_row, start);
      }
    }
    product(c.view());
    EXPECT_TRUE(c.Intact());
    for (size_t m = 0; m < rows_; ++m) {
      for (size_t n = 0; n < cols_; ++n) {
        ASSERT_TRUE(SameBits(c.view()(m, n), want.view()(m, n)))
            << m << ", " << n << ": " << c.view()(m, n) << " instead of " << want.view()(m, n);
      }
    }
  }

  void CheckNN(bool accumulate) {
    GuardedMatrix<T> a = Random(rows_, depth_), b = Random(depth_, cols_);
    Fill(a.view(), random_, specials_);
    Fill(b.view(), random_, specials_);
    Compare(AsIs<T>(a.view()), b.view().data, b.view().stride, 1, nullptr, accumulate,
            [&](Matrix<T> c) { GemmNN(a.view(), b.view(), c, accumulate); });
  }

  void CheckTN(bool accumulate) {
    GuardedMatrix<T> a = Random(depth_, rows_), b = Random(depth_, cols_);
    Fill(a.view(), random_, specials_);
    Fill(b.view(), random_, specials_);
    Compare(Transposed<T>(a.view()), b.view().data, b.view().stride, 1, nullptr, accumulate,
            [&](Matrix<T> c) { GemmTN(a.view(), b.view(), c, accumulate); });
  }

  void CheckNT(bool accumulate) {
    GuardedMatrix<T> a = Random(rows_, depth_), b = Random(cols_, depth_);
    Fill(a.view(), random_, specials_);
    Fill(b.view(), random_, specials_);
    Compare(AsIs<T>(a.view()), b.view().data, 1, b.view().stride, nullptr, accumulate,
            [&](Matrix<T> c) { GemmNT(a.view(), b.view(), c, accumulate); });
  }

  void CheckBias() {
    GuardedMatrix<T> a = Random(rows_, depth_), b = Random(depth_, cols_), bias = Random(1, cols_);
    Fill(a.view(), random_, specials_);
    Fill(b.view(), random_, specials_);
    Fill(bias.view(), random_, specials_);
    Compare(AsIs<T>(a.view()), b.view().data, b.view().stride, 1, bias.view().data, false,
            [&](Matrix<T> c) { GemmBias(a.view(), b.view(), bias.view().data, c); });
  }

  size_t rows_ = 0;
  size_t depth_ = 0;
  size_t cols_ = 0;
  bool specials_ = false;
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(GemmTest, Reals);

#ifdef NABLA_SANITIZED
constexpr int kRandomShapes = 30;
#else
constexpr int kRandomShapes = 150;
#endif

TYPED_TEST(GemmTest, EveryTileHeightAndTail) {
  for (size_t rows = 1; rows <= 27; ++rows) {
    for (size_t cols = 1; cols <= 36; ++cols) this->Check(rows, 5, cols, false);
  }
}

TYPED_TEST(GemmTest, RandomShapes) {
  for (int i = 0; i < kRandomShapes; ++i) {
    this->Check(this->random_() % 70, this->random_() % 70, this->random_() % 140, i % 2 == 1);
  }
}

TYPED_TEST(GemmTest, NoStepsLeaveTheStart) {
  this->Check(13, 0, 21, true);
  this->Check(0, 3, 4, false);
  this->Check(3, 4, 0, false);
}

TYPED_TEST(GemmTest, ShapesOfTheExperiments) {
  this->Check(25, 784, 120, false);
  this->Check(196, 100, 120, false);
  this->Check(32, 10, 120, false);
  this->Check(16, 784, 10, false);
}

TYPED_TEST(GemmTest, LongChainsAreContinuedBetweenBlocks) {
  this->Check(9, 1000, 70, true);
  this->Check(30, 513, 33, false);
}

// Large enough for B, and A of TN, to be packed; 4400 bytes of columns make several blocks.
TYPED_TEST(GemmTest, PackedOperands) { this->Check(195, 530, 4400 / sizeof(TypeParam), false); }

}  // namespace
}  // namespace nabla
