// Every form of the product is the chain of fused multiply-adds that gemm.h promises, whatever the
// shapes, strides and alignments, with NaN, infinities, denormals and signed zeros among the
// numbers.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "framework/kernels/gemm.h"
#include "framework/kernels/simd.h"
#include "tests/kernels/placed.h"

namespace nabla {
namespace {

// c = start + a b: the contract, written out.
template <typename T>
void Reference(const Strided<T>& a, const Strided<T>& b, const Matrix<T>& c) {
  for (size_t m = 0; m < a.rows; ++m) {
    for (size_t n = 0; n < b.cols; ++n) {
      for (size_t k = 0; k < a.cols; ++k) {
        c(m, n) = std::fma(a.data[m * a.row_stride + k * a.col_stride],
                           b.data[k * b.row_stride + n * b.col_stride], c(m, n));
      }
    }
  }
}

// A rows x cols operand with both strides free.
template <typename T>
class Spread {
 public:
  Spread(size_t rows, size_t cols, std::mt19937_64& random)
      : memory_(rows, cols * (1 + Draw(0, 3)) + 1) {
    Fill(memory_.view(), random, true);
    const size_t step = cols == 0 ? 1 : (memory_.view().cols - 1) / cols;
    view_ = {memory_.view().data, rows, cols, memory_.view().stride, step};
  }

  Strided<T> view() const { return view_; }
  Strided<T> Flipped() const {
    return {view_.data, view_.cols, view_.rows, view_.col_stride, view_.row_stride};
  }

 private:
  Placed<T> memory_;
  Strided<T> view_;
};

// Runs `product(result)` on every target and compares with the chains that begin at `start`.
template <typename T, class Product>
void Compare(const Strided<T>& a, const Strided<T>& b, const Matrix<T>& start,
             const Matrix<T>& before, Product product) {
  Placed<T> want(a.rows, b.cols);
  Copy(start, want.view());
  Reference(a, b, want.view());
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    Placed<T> found(a.rows, b.cols);
    Copy(before, found.view());
    product(found.view());
    RC_ASSERT(found.Intact());
    RC_ASSERT(SameBits(found.view(), want.view()));
  }
  SetSimd("");
}

// Shapes, and what c holds before the product.
template <typename T>
struct Case {
  Case() { Fill(c.view(), random, true); }

  // c itself where the product accumulates, else zeros.
  Matrix<T> Start() {
    if (accumulate) return c.view();
    for (size_t m = 0; m < rows; ++m) std::fill_n(zero.view().Row(m), cols, T{0});
    return zero.view();
  }

  size_t rows = Draw(0, 30);
  size_t depth = Draw(0, 40);
  size_t cols = Draw(0, 70);
  bool accumulate = *rc::gen::arbitrary<bool>();
  std::mt19937_64 random = DrawRandom();
  Placed<T> c{rows, cols};
  Placed<T> zero{rows, cols};
};

template <typename T>
class GemmProperty : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(GemmProperty, Reals);

TYPED_TEST(GemmProperty, AnyStrides) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    Case<T> x;
    const Spread<T> a(x.rows, x.depth, x.random), a_flipped(x.depth, x.rows, x.random);
    const Strided<T> left = *rc::gen::arbitrary<bool>() ? a.view() : a_flipped.Flipped();
    Placed<T> b(x.depth, x.cols);
    Fill(b.view(), x.random, true);
    Compare(left, AsIs<T>(b.view()), x.Start(), x.c.view(),
            [&](Matrix<T> c) { Gemm<T>(left, b.view(), c, x.accumulate); });
  });
}

TYPED_TEST(GemmProperty, Forward) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    Case<T> x;
    Placed<T> a(x.rows, x.depth), b(x.depth, x.cols);
    Fill(a.view(), x.random, true);
    Fill(b.view(), x.random, true);
    Compare(AsIs<T>(a.view()), AsIs<T>(b.view()), x.Start(), x.c.view(),
            [&](Matrix<T> c) { GemmNN(a.view(), b.view(), c, x.accumulate); });
  });
}

TYPED_TEST(GemmProperty, GradientOfWeights) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    Case<T> x;
    Placed<T> a(x.depth, x.rows), b(x.depth, x.cols);
    Fill(a.view(), x.random, true);
    Fill(b.view(), x.random, true);
    Compare(Transposed<T>(a.view()), AsIs<T>(b.view()), x.Start(), x.c.view(),
            [&](Matrix<T> c) { GemmTN(a.view(), b.view(), c, x.accumulate); });
  });
}

TYPED_TEST(GemmProperty, GradientOfInputs) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    Case<T> x;
    Placed<T> a(x.rows, x.depth), b(x.cols, x.depth);
    Fill(a.view(), x.random, true);
    Fill(b.view(), x.random, true);
    Compare(AsIs<T>(a.view()), Transposed<T>(b.view()), x.Start(), x.c.view(),
            [&](Matrix<T> c) { GemmNT(a.view(), b.view(), c, x.accumulate); });
  });
}

TYPED_TEST(GemmProperty, Bias) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    Case<T> x;
    Placed<T> a(x.rows, x.depth), b(x.depth, x.cols), bias(1, x.cols), start(x.rows, x.cols);
    for (const Placed<T>* m : {&a, &b, &bias}) Fill(m->view(), x.random, true);
    for (size_t m = 0; m < x.rows; ++m) Copy(bias.view(), start.view().Rows(m, m + 1));
    Compare(AsIs<T>(a.view()), AsIs<T>(b.view()), start.view(), x.c.view(),
            [&](Matrix<T> c) { GemmBias(a.view(), b.view(), bias.view().data, c); });
  });
}

}  // namespace
}  // namespace nabla
