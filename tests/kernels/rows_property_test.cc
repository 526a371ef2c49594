// Softmax, maxima and column sums of any matrix, against sums in long double and plain loops.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "framework/kernels/rows.h"
#include "framework/kernels/simd.h"
#include "tests/kernels/placed.h"

namespace nabla {
namespace {

// The exact probabilities of a row, rounded once; NaN where rows.h says so.
template <typename T>
std::vector<T> ExactSoftmax(const T* z, size_t n) {
  const bool bad = std::any_of(z, z + n, [](T v) { return std::isnan(v) || v == INFINITY; });
  const T top = bad ? T{0} : *std::max_element(z, z + n);
  if (bad || top == -INFINITY) return std::vector<T>(n, std::numeric_limits<T>::quiet_NaN());
  long double sum = 0;
  for (size_t c = 0; c < n; ++c) sum += std::exp(static_cast<long double>(z[c]) - top);
  std::vector<T> p;
  for (size_t c = 0; c < n; ++c) {
    p.push_back(static_cast<T>(std::exp(static_cast<long double>(z[c]) - top) / sum));
  }
  return p;
}

// Each probability is right to 10 units of its own last place and as many as its logit lies below
// the largest, since the difference of the two is rounded; or it is below the normal numbers.
template <typename T>
bool IsClose(T found, T exact) {
  using Limits = std::numeric_limits<T>;
  if (std::isnan(exact)) return std::isnan(found);
  const T ulps = 10 - std::log(std::max(exact, Limits::min()));
  return std::abs(found - exact) <= ulps * Limits::epsilon() * exact + Limits::min();
}

template <typename T>
class RowsProperty : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(RowsProperty, Reals);

TYPED_TEST(RowsProperty, SoftmaxOfLogitsUpTo10000) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    const size_t rows = Draw(1, 6), cols = Draw(1, 90);
    std::mt19937_64 random = DrawRandom();
    Placed<T> z(rows, cols);
    std::uniform_real_distribution<double> even(-1, 1);
    const double scale = std::pow(10.0, static_cast<double>(Draw(0, 6)) - 2);  // 0.01 .. 1e4
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < cols; ++c) z.view()(r, c) = static_cast<T>(scale * even(random));
    }
    Placed<T> first(rows, cols);
    SoftmaxRows<T>(z.view(), first.view());
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      Placed<T> p(rows, cols);
      SoftmaxRows<T>(z.view(), p.view());
      RC_ASSERT(p.Intact());
      RC_ASSERT(SameBits(p.view(), first.view()));
    }
    SetSimd("");
    for (size_t r = 0; r < rows; ++r) {
      const std::vector<T> exact = ExactSoftmax(z.view().Row(r), cols);
      for (size_t c = 0; c < cols; ++c) RC_ASSERT(IsClose(first.view()(r, c), exact[c]));
    }
  });
}

TYPED_TEST(RowsProperty, SoftmaxOfSpecialNumbers) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    const size_t rows = Draw(1, 6), cols = Draw(1, 40);
    std::mt19937_64 random = DrawRandom();
    Placed<T> z(rows, cols), p(rows, cols);
    Fill(z.view(), random, true);
    SoftmaxRows<T>(z.view(), p.view());
    for (size_t r = 0; r < rows; ++r) {
      const std::vector<T> exact = ExactSoftmax(z.view().Row(r), cols);
      for (size_t c = 0; c < cols; ++c) RC_ASSERT(IsClose(p.view()(r, c), exact[c]));
    }
  });
}

TYPED_TEST(RowsProperty, ArgMaxIsTheFirstLargestNumber) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    std::mt19937_64 random = DrawRandom();
    Placed<T> row(1, Draw(1, 100));
    Fill(row.view(), random, true);
    const T* z = row.view().data;
    for (size_t i = 0; i < row.view().cols / 2; ++i) row.view().data[i] = std::round(z[i]);  // ties
    const size_t found = ArgMax(z, row.view().cols);
    RC_ASSERT(found < row.view().cols);
    for (size_t i = 0; i < row.view().cols; ++i) {
      const bool beats = i < found ? z[i] >= z[found] : z[i] > z[found];
      RC_ASSERT(!beats);
      RC_ASSERT(!std::isnan(z[found]) || std::isnan(z[i]));
    }
  });
}

TYPED_TEST(RowsProperty, ColumnSumsAreChains) {
  using T = TypeParam;
  rc::detail::checkGTest([] {
    std::mt19937_64 random = DrawRandom();
    Placed<T> x(Draw(0, 40), Draw(0, 80));
    Placed<T> before(1, x.view().cols), want(1, x.view().cols);
    const bool accumulate = *rc::gen::arbitrary<bool>();
    Fill(x.view(), random, true);
    Fill(before.view(), random, true);
    for (size_t c = 0; c < x.view().cols; ++c) {
      want.view()(0, c) = accumulate ? before.view()(0, c) : T{0};
      for (size_t r = 0; r < x.view().rows; ++r) want.view()(0, c) += x.view()(r, c);
    }
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      Placed<T> out(1, x.view().cols);
      Copy(before.view(), out.view());
      ColumnSums<T>(x.view(), out.view().data, accumulate);
      RC_ASSERT(out.Intact());
      RC_ASSERT(SameBits(out.view(), want.view()));
    }
    SetSimd("");
  });
}

}  // namespace
}  // namespace nabla
