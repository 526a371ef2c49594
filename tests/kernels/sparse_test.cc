#include "framework/kernels/sparse.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "framework/kernels/simd.h"
#include "framework/tensor/storage.h"

namespace nabla {
namespace {

struct Case {
  size_t width;
  size_t outputs;
  double density;
};

// Random rows, their numbers and an order in which some rows come twice and some never.
struct Data {
  Data(const Case& c, std::mt19937& random) : rows(90) {
    std::bernoulli_distribution filled(c.density);
    for (size_t i = 0; i < rows * c.width; ++i) {
      bytes.push_back(filled(random) ? static_cast<uint8_t>(random() % 256) : 0);
    }
    for (size_t i = 0; i < 131; ++i) order.push_back(static_cast<uint32_t>(random() % rows));
  }
  size_t rows;
  std::vector<uint8_t> bytes;
  std::vector<uint32_t> order;
};

template <typename T>
void Fill(Matrix<T> m, std::mt19937& random) {
  std::normal_distribution<double> normal;
  for (size_t r = 0; r < m.rows; ++r) {
    for (size_t c = 0; c < m.cols; ++c) m(r, c) = static_cast<T>(normal(random));
  }
}

template <typename T>
std::vector<T> Table() {
  std::vector<T> table(256);
  for (size_t b = 0; b < 256; ++b) table[b] = static_cast<T>(b) / static_cast<T>(255);
  return table;
}

const std::vector<Case> kCases = {{784, 120, 0.19}, {784, 10, 0.19}, {784, 256, 0.1}, {61, 1, 0.5},
                                  {33, 17, 1.0},    {32, 16, 0.0},   {100, 300, 0.3}, {1, 5, 0.5},
                                  {784, 100, 0.2},  {65, 64, 0.9},   {97, 131, 0.02}};

template <typename T>
class SparseTest : public testing::Test {
 protected:
  void TearDown() override { SetSimd(""); }
};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(SparseTest, Numbers);

// The dense chain, every term, is the reference.
TYPED_TEST(SparseTest, ForwardHasTheBitsOfTheDenseChain) {
  using T = TypeParam;
  const std::vector<T> table = Table<T>();
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    std::mt19937 random(1);
    for (const Case& c : kCases) {
      const Data data(c, random);
      const SparseBytes sparse = MakeSparse(data.bytes, data.rows, c.width);
      OwnedMatrix<T> w(c.width, c.outputs);
      OwnedMatrix<T> bias(1, c.outputs);
      OwnedMatrix<T> y(data.order.size(), c.outputs + 3);
      Fill(w.view(), random);
      Fill(bias.view(), random);
      for (const T* b : {static_cast<const T*>(nullptr), static_cast<const T*>(bias.view().data)}) {
        Fill(y.view(), random);
        const T canary = y.view()(2, c.outputs);
        SparseForward<T>({&sparse, data.order.data(), data.order.size(), table.data()}, w.view(), b,
                         y.view().Cols(0, c.outputs));
        for (size_t r = 0; r < data.order.size(); ++r) {
          for (size_t o = 0; o < c.outputs; ++o) {
            T sum = b == nullptr ? T{0} : b[o];
            for (size_t k = 0; k < c.width; ++k) {
              sum = std::fma(table[data.bytes[data.order[r] * c.width + k]], w.view()(k, o), sum);
            }
            ASSERT_EQ(y.view()(r, o), sum) << simd << " " << c.width << "x" << c.outputs;
          }
        }
        EXPECT_EQ(y.view()(2, c.outputs), canary);
      }
    }
  }
}

TYPED_TEST(SparseTest, GradientHasTheBitsOfTheDenseChain) {
  using T = TypeParam;
  const std::vector<T> table = Table<T>();
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    std::mt19937 random(2);
    for (const Case& c : kCases) {
      const Data data(c, random);
      const SparseBytes sparse = MakeSparse(data.bytes, data.rows, c.width);
      OwnedMatrix<T> dy(data.order.size(), c.outputs);
      Fill(dy.view(), random);
      for (const bool accumulate : {false, true}) {
        OwnedMatrix<T> gradient(c.width, c.outputs);
        Fill(gradient.view(), random);
        std::vector<T> expected(c.width * c.outputs);
        for (size_t k = 0; k < c.width; ++k) {
          for (size_t o = 0; o < c.outputs; ++o) {
            T sum = accumulate ? gradient.view()(k, o) : T{0};
            for (size_t r = 0; r < data.order.size(); ++r) {
              sum = std::fma(table[data.bytes[data.order[r] * c.width + k]], dy.view()(r, o), sum);
            }
            expected[k * c.outputs + o] = sum;
          }
        }
        // In tiles of two segments, the last one shorter.
        for (size_t begin = 0; begin < c.width; begin += 128) {
          const size_t end = std::min(c.width, begin + 128);
          SparseGradient<T>({&sparse, data.order.data(), data.order.size(), table.data()},
                            dy.view(), begin, gradient.view().Rows(begin, end), accumulate);
        }
        for (size_t k = 0; k < c.width; ++k) {
          for (size_t o = 0; o < c.outputs; ++o) {
            ASSERT_EQ(gradient.view()(k, o), expected[k * c.outputs + o])
                << simd << " " << c.width << "x" << c.outputs << " at " << k << "," << o;
          }
        }
      }
    }
  }
}

TEST(MakeSparseTest, KeepsEveryByteInItsPlace) {
  std::mt19937 random(3);
  for (const Case& c : kCases) {
    const Data data(c, random);
    const SparseBytes sparse = MakeSparse(data.bytes, data.rows, c.width);
    std::vector<uint8_t> back(data.bytes.size());
    for (size_t r = 0; r < data.rows; ++r) {
      for (size_t s = 0; s < sparse.segments; ++s) {
        uint32_t at = sparse.starts[r * sparse.segments + s];
        for (size_t k = 0; k < SparseBytes::kSegment; ++k) {
          if ((sparse.masks[r * sparse.segments + s] >> k & 1) == 0) continue;
          ASSERT_LT(s * SparseBytes::kSegment + k, c.width);
          ASSERT_NE(sparse.values[at], 0);
          back[r * c.width + s * SparseBytes::kSegment + k] = sparse.values[at++];
        }
      }
    }
    EXPECT_EQ(back, data.bytes);
  }
}

}  // namespace
}  // namespace nabla
