#include "framework/kernels/rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "framework/kernels/simd.h"
#include "tests/kernels/guarded.h"

namespace nabla {
namespace {

template <typename T>
constexpr T kInfinity = std::numeric_limits<T>::infinity();
template <typename T>
constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();

template <typename T>
class RowsTest : public testing::Test {
 protected:
  ~RowsTest() override { SetSimd(""); }

  // Softmax of z, with the bits of every target compared.
  std::vector<T> Softmax(const std::vector<T>& z) {
    std::vector<T> result;
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      GuardedMatrix<T> p(3, z.size(), z.size() + 2);
      for (size_t c = 0; c < z.size(); ++c) p.view()(1, c) = z[c];
      SoftmaxRows(p.view().Rows(1, 2), p.view().Rows(1, 2));
      EXPECT_TRUE(p.Intact());
      std::vector<T> row(p.view().Row(1), p.view().Row(1) + z.size());
      if (result.empty()) result = row;
      for (size_t c = 0; c < z.size(); ++c) EXPECT_TRUE(SameBits(row[c], result[c]));
    }
    return result;
  }
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(RowsTest, Reals);

// Softmax compares the targets, whose registers would split a careless sum differently.
TYPED_TEST(RowsTest, SoftmaxIsRightForEveryWidth) {
  using T = TypeParam;
  std::mt19937_64 random(5);
  for (size_t n = 1; n <= 70; ++n) {
    std::vector<T> z(n);
    for (T& v : z) v = 8 * RandomNumber<T>(random, false);
    const std::vector<T> p = this->Softmax(z);
    long double sum = 0;
    for (T v : z) sum += std::exp(static_cast<long double>(v));
    for (size_t c = 0; c < n; ++c) {
      const double want = static_cast<double>(std::exp(static_cast<long double>(z[c])) / sum);
      EXPECT_NEAR(p[c], want, 100 * std::numeric_limits<T>::epsilon() * want) << n;
    }
  }
}

TYPED_TEST(RowsTest, SoftmaxOfExtremes) {
  using T = TypeParam;
  EXPECT_EQ(this->Softmax({T(1e4), T(-1e4), T(1e4)}), (std::vector<T>{0.5, 0, 0.5}));
  EXPECT_EQ(this->Softmax({-kInfinity<T>, 3, -kInfinity<T>}), (std::vector<T>{0, 1, 0}));
  for (const std::vector<T>& z :
       {std::vector<T>{1, kNaN<T>, 2}, {kInfinity<T>, 1}, {-kInfinity<T>, -kInfinity<T>}}) {
    for (const T p : this->Softmax(z)) EXPECT_TRUE(std::isnan(p));
  }
}

TYPED_TEST(RowsTest, ArgMaxIsTheFirstMaximum) {
  using T = TypeParam;
  const std::vector<std::pair<std::vector<T>, size_t>> cases = {
      {{3}, 0},
      {{1, 4, 4, 2}, 1},
      {{-kInfinity<T>, -kInfinity<T>}, 0},
      {{kNaN<T>, -5, 2, kNaN<T>}, 2},
      {{kNaN<T>, kNaN<T>}, 0},
      {{1, kInfinity<T>, kInfinity<T>}, 1}};
  for (const auto& [row, want] : cases) EXPECT_EQ(ArgMax(row.data(), row.size()), want);
}

TYPED_TEST(RowsTest, ColumnSumsAreChainsOverRows) {
  using T = TypeParam;
  std::mt19937_64 random(9);
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    for (size_t cols = 0; cols <= 40; ++cols) {
      for (const bool accumulate : {false, true}) {
        GuardedMatrix<T> x(random() % 30, cols, cols + 3);
        GuardedArray<T> out(cols);
        Fill(x.view(), random, true);
        std::vector<T> want(cols);
        for (size_t c = 0; c < cols; ++c) {
          out[c] = RandomNumber<T>(random, true);
          want[c] = accumulate ? out[c] : T(0);
          for (size_t r = 0; r < x.view().rows; ++r) want[c] += x.view()(r, c);
        }
        ColumnSums<T>(x.view(), out.data(), accumulate);
        for (size_t c = 0; c < cols; ++c) ASSERT_TRUE(SameBits(out[c], want[c])) << simd;
      }
    }
  }
}

TEST(LogTest, SpanAndScalarAgreeOnEveryTarget) {
  std::mt19937_64 random(2);
  const size_t n = 1003;
  GuardedArray<double> x(n), out(n);
  for (size_t i = 0; i < n; ++i) x[i] = std::exp(20 * RandomNumber<double>(random, false));
  x[0] = 0;
  x[1] = 1;
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    LogSpan(x.data(), out.data(), n);
    EXPECT_EQ(out[0], -kInfinity<double>);
    EXPECT_EQ(out[1], 0);
    for (size_t i = 0; i < n; ++i) {
      const std::string current = SimdName();
      SetSimd(SimdNames().back());
      ASSERT_TRUE(SameBits(out[i], LogOf(x[i])));
      SetSimd(current);
      ASSERT_DOUBLE_EQ(out[i], std::log(x[i]));
    }
  }
  SetSimd("");
}

}  // namespace
}  // namespace nabla
