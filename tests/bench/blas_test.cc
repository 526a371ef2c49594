#include "bench/blas.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nabla {
namespace {

constexpr size_t kM = 7, kN = 5, kK = 11;

// Element (r, c) of an operand as the product takes it.
template <typename T>
T At(const BlasOperand<T>& a, size_t r, size_t c) {
  return a.transposed ? a.data[c * a.stride + r] : a.data[r * a.stride + c];
}

// Small whole numbers, so that every order of summing gives the same.
template <typename T>
std::vector<T> Numbers(size_t count) {
  std::vector<T> numbers(count);
  for (size_t i = 0; i < count; ++i) numbers[i] = static_cast<T>(i * 7 % 13) - 6;
  return numbers;
}

template <typename T>
void ExpectProduct(const Blas& blas, bool transpose_a, bool transpose_b, bool accumulate) {
  const std::vector<T> memory_a = Numbers<T>(16 * 16), memory_b = Numbers<T>(16 * 15);
  const BlasOperand<T> a{memory_a.data(), 16, transpose_a};
  const BlasOperand<T> b{memory_b.data(), 15, transpose_b};
  std::vector<T> c = Numbers<T>(kM * 9), expected = c;
  for (size_t m = 0; m < kM; ++m) {
    for (size_t n = 0; n < kN; ++n) {
      T sum = accumulate ? c[m * 9 + n] : 0;
      for (size_t k = 0; k < kK; ++k) sum += At(a, m, k) * At(b, k, n);
      expected[m * 9 + n] = sum;
    }
  }
  blas.Gemm(kM, kN, kK, a, b, c.data(), 9, accumulate);
  EXPECT_EQ(c, expected);
}

TEST(BlasTest, EveryLibraryMultiplies) {
#ifdef NABLA_SANITIZED
  GTEST_SKIP() << "sanitizers refuse what is opened with RTLD_DEEPBIND, as the libraries must be";
#endif
  if (InstalledBlas().empty()) GTEST_SKIP() << "no BLAS is installed; ./setup --peers does it";
  for (const Blas* blas : InstalledBlas()) {
    for (const int threads : {1, 2}) {
      blas->SetThreads(threads);
      for (int form = 0; form < 8; ++form) {
        SCOPED_TRACE(blas->name() + " form " + std::to_string(form));
        ExpectProduct<float>(*blas, form & 1, form & 2, form & 4);
        if (blas->has_double()) ExpectProduct<double>(*blas, form & 1, form & 2, form & 4);
      }
    }
  }
}

}  // namespace
}  // namespace nabla
