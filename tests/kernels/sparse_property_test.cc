// Sparse products have the bits of the dense chains over any rows, orders, widths and alignments,
// for finite weights of any size, denormals and signed zeros among them. As sparse.h says, only
// the sign of a zero sum may differ.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "framework/kernels/simd.h"
#include "framework/kernels/sparse.h"
#include "tests/kernels/placed.h"

namespace nabla {
namespace {

template <typename T>
void FillFinite(const Matrix<T>& m, std::mt19937_64& random) {
  for (size_t r = 0; r < m.rows; ++r) {
    for (size_t c = 0; c < m.cols; ++c) {
      do {
        m(r, c) = RandomNumber<T>(random, true);
      } while (std::abs(m(r, c)) > T(1e30) || std::isnan(m(r, c)));
    }
  }
}

// Rows that are taken in any order, some never, some twice.
template <typename T>
struct Case {
  Case() {
    const size_t filled = Draw(0, 100);  // percent
    for (size_t i = 0; i < rows * width; ++i) {
      bytes.push_back(random() % 100 < filled ? static_cast<uint8_t>(random()) : 0);
    }
    for (size_t i = 0; i < taken; ++i) order.push_back(static_cast<uint32_t>(random() % rows));
    table[0] = 0;
    for (size_t b = 1; b < 256; ++b) table[b] = RandomNumber<T>(random, false);
    sparse = MakeSparse(bytes, rows, width);
  }

  SparseRows<T> view() const { return {&sparse, order.data(), taken, table.data()}; }
  T X(size_t r, size_t k) const { return table[bytes[order[r] * width + k]]; }

  std::mt19937_64 random = DrawRandom();
  size_t rows = Draw(1, 20);
  size_t width = Draw(1, 200);
  size_t taken = Draw(0, 30);
  size_t outputs = Draw(1, 50);
  std::vector<uint8_t> bytes;
  std::vector<uint32_t> order;
  std::vector<T> table = std::vector<T>(256);
  SparseBytes sparse;
};

template <typename T>
bool Equal(const Matrix<T>& a, const Matrix<T>& b) {
  for (size_t r = 0; r < a.rows; ++r) {
    if (!std::equal(a.Row(r), a.Row(r) + a.cols, b.Row(r))) return false;
  }
  return true;
}

template <typename T>
class SparseProperty : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(SparseProperty, Reals);

TYPED_TEST(SparseProperty, Forward) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    Case<T> x;
    Placed<T> w(x.width, x.outputs), bias(1, x.outputs), want(x.taken, x.outputs);
    FillFinite(w.view(), x.random);
    FillFinite(bias.view(), x.random);
    const bool biased = *rc::gen::arbitrary<bool>();
    for (size_t r = 0; r < x.taken; ++r) {
      for (size_t o = 0; o < x.outputs; ++o) {
        T sum = biased ? bias.view()(0, o) : T{0};
        for (size_t k = 0; k < x.width; ++k) sum = std::fma(x.X(r, k), w.view()(k, o), sum);
        want.view()(r, o) = sum;
      }
    }
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      Placed<T> y(x.taken, x.outputs);
      SparseForward<T>(x.view(), w.view(), biased ? bias.view().data : nullptr, y.view());
      RC_ASSERT(y.Intact());
      RC_ASSERT(Equal(y.view(), want.view()));
    }
    SetSimd("");
  });
}

TYPED_TEST(SparseProperty, GradientOfAnyTile) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    Case<T> x;
    constexpr size_t kSegment = SparseBytes::kSegment;
    const size_t first = Draw(0, x.sparse.segments - 1);
    const size_t last = Draw(first + 1, x.sparse.segments);
    const size_t begin = first * kSegment;
    const size_t end = std::min(last * kSegment, x.width);
    const bool accumulate = *rc::gen::arbitrary<bool>();
    Placed<T> dy(x.taken, x.outputs), before(end - begin, x.outputs), want(end - begin, x.outputs);
    FillFinite(dy.view(), x.random);
    FillFinite(before.view(), x.random);
    for (size_t k = begin; k < end; ++k) {
      for (size_t o = 0; o < x.outputs; ++o) {
        T sum = accumulate ? before.view()(k - begin, o) : T{0};
        for (size_t r = 0; r < x.taken; ++r) sum = std::fma(x.X(r, k), dy.view()(r, o), sum);
        want.view()(k - begin, o) = sum;
      }
    }
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      Placed<T> found(end - begin, x.outputs);
      Copy(before.view(), found.view());
      SparseGradient<T>(x.view(), dy.view(), begin, found.view(), accumulate);
      RC_ASSERT(found.Intact());
      RC_ASSERT(Equal(found.view(), want.view()));
    }
    SetSimd("");
  });
}

}  // namespace
}  // namespace nabla
