#include "framework/kernels/conv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "framework/kernels/simd.h"
#include "framework/tensor/storage.h"
#include "tests/kernels/conv_case.h"

namespace nabla {
namespace {

template <typename T>
class ConvTest : public testing::Test {
 protected:
  ~ConvTest() override { SetSimd(""); }

  // All products on every target.
  void Check(const ConvShape& shape, size_t rows = 2, bool specials = false) {
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      ConvCase<T> conv(Completed(shape), rows, 3, specials, random_);
      ASSERT_EQ(conv.All(), "") << simd;
    }
  }

  std::mt19937_64 random_{7};
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(ConvTest, Reals);

// With the order of operations that conv.h promises, from nothing but std::fma.
TYPED_TEST(ConvTest, FollowsTheDefinition) {
  using T = TypeParam;
  const ConvShape shape = Completed({.windows = {.channels = 3,
                                                 .height = 6,
                                                 .width = 7,
                                                 .kernel_h = 3,
                                                 .kernel_w = 2,
                                                 .stride_h = 1,
                                                 .stride_w = 2,
                                                 .pad_h = 1,
                                                 .pad_w = 1},
                                     .outputs = 20});
  const Windows& w = shape.windows;
  OwnedMatrix<T> x(1, 3 * w.plane()), dy(1, 20 * w.positions()), weights(20, w.seen());
  OwnedMatrix<T> y(1, 20 * w.positions()), dx(1, 3 * w.plane()), gradient(20, w.seen());
  OwnedMatrix<T> y2(1, 20 * w.positions()), dx2(1, 3 * w.plane()), gradient2(20, w.seen());
  for (const auto& m : {x.view(), dy.view(), weights.view()}) Fill(m, this->random_, false);

  // f(k, o, position, cell of x or -1) in ascending order of k, then o, then position.
  const auto visit = [&](auto f) {
    for (size_t k = 0; k < w.seen(); ++k) {
      const size_t c = k / 6, ky = k / 2 % 3, kx = k % 2;
      for (size_t o = 0; o < 20; ++o) {
        for (size_t p = 0; p < w.positions(); ++p) {
          const size_t row = p / w.out_w + ky, col = p % w.out_w * 2 + kx;
          const bool inside = row >= 1 && row <= 6 && col >= 1 && col <= 7;
          f(k, o, p, inside ? static_cast<int>(c * 42 + (row - 1) * 7 + col - 1) : -1);
        }
      }
    }
  };
  std::vector<T> chains(w.seen() * w.positions());
  visit([&](size_t k, size_t o, size_t p, int cell) {
    const T seen = cell < 0 ? T(0) : x.view().data[cell];
    T& y_op = y2.view().data[o * w.positions() + p];
    y_op = std::fma(weights.view()(o, k), seen, y_op);
    const T d = dy.view().data[o * w.positions() + p];
    T& chain = chains[k * w.positions() + p];
    chain = std::fma(weights.view()(o, k), d, chain);
    gradient2.view()(o, k) = std::fma(d, seen, gradient2.view()(o, k));
    if (o == 19 && cell >= 0) dx2.view().data[cell] += chain;
  });

  Storage<T> scratch(ConvScratch<T>(shape));
  ConvForward(shape, x.view(), weights.view(), nullptr, scratch.data(), y.view());
  ConvDataGradient(shape, dy.view(), weights.view(), nullptr, scratch.data(), dx.view());
  ConvWeightGradient(shape, x.view(), dy.view(), false, scratch.data(), gradient.view());
  for (size_t i = 0; i < y.view().cols; ++i) EXPECT_EQ(y.view()(0, i), y2.view()(0, i));
  for (size_t i = 0; i < dx.view().cols; ++i) EXPECT_EQ(dx.view()(0, i), dx2.view()(0, i));
  for (size_t o = 0; o < 20; ++o) {
    for (size_t k = 0; k < w.seen(); ++k) {
      EXPECT_EQ(gradient.view()(o, k), gradient2.view()(o, k));
    }
  }
}

TYPED_TEST(ConvTest, EveryTileHeightAndTail) {
  for (size_t n = 1; n <= 36; ++n) {
    this->Check({.windows = {.channels = 2,
                             .height = 3,
                             .width = n,
                             .kernel_h = 3,
                             .kernel_w = 3,
                             .pad_h = 1,
                             .pad_w = 1},
                 .outputs = 37 - n});
    this->Check({.windows = {.channels = n, .height = 4, .width = 5, .kernel_h = 2, .kernel_w = 2},
                 .outputs = n});
  }
}

TYPED_TEST(ConvTest, ShapesOfNets) {
  const auto square = [](size_t channels, size_t side, size_t kernel, size_t stride, size_t pad,
                         size_t outputs, size_t groups = 1) {
    return ConvShape{.windows = {.channels = channels,
                                 .height = side,
                                 .width = side,
                                 .kernel_h = kernel,
                                 .kernel_w = kernel,
                                 .stride_h = stride,
                                 .stride_w = stride,
                                 .pad_h = pad,
                                 .pad_w = pad},
                     .outputs = outputs,
                     .groups = groups};
  };
  this->Check(square(1, 28, 5, 1, 2, 8));
  this->Check(square(8, 14, 5, 1, 0, 16));
  this->Check(square(16, 5, 5, 1, 0, 120));
  this->Check(square(3, 32, 3, 1, 1, 32), 1);
  this->Check(square(32, 32, 3, 1, 1, 32), 1);
  this->Check(square(64, 7, 3, 1, 1, 70), 1);
  this->Check(square(24, 16, 3, 2, 1, 48), 1);
  this->Check(square(40, 9, 1, 1, 0, 33), 1);
  this->Check(square(40, 9, 1, 2, 0, 33), 1);
  this->Check(square(20, 12, 3, 1, 1, 20, 20), 1);
  this->Check(square(36, 12, 3, 1, 1, 72, 2), 1);
}

TYPED_TEST(ConvTest, DilationAndUnequalSides) {
  this->Check({.windows = {.channels = 16,
                           .height = 19,
                           .width = 23,
                           .kernel_h = 3,
                           .kernel_w = 5,
                           .stride_h = 2,
                           .stride_w = 1,
                           .pad_h = 3,
                           .pad_w = 2,
                           .dilation_h = 2,
                           .dilation_w = 3},
               .outputs = 18});
  this->Check({.windows = {.channels = 5,
                           .height = 1,
                           .width = 130,
                           .kernel_h = 1,
                           .kernel_w = 5,
                           .stride_w = 2,
                           .pad_w = 4,
                           .dilation_w = 4},
               .outputs = 3});
}

// As an infinite weight times a zero of the padding is NaN, padding counts.
TYPED_TEST(ConvTest, NumbersThatAreNotFinite) {
  for (size_t side = 1; side <= 18; ++side) {
    this->Check({.windows = {.channels = 3,
                             .height = 4,
                             .width = side,
                             .kernel_h = 3,
                             .kernel_w = 3,
                             .pad_h = 2,
                             .pad_w = 2},
                 .outputs = side},
                3, true);
  }
}

// Padding and strides as wide as fields allow, which the direct way would fill gigabytes for.
TYPED_TEST(ConvTest, MemoryStaysInProportion) {
  const ConvShape shape = Completed({.windows = {.channels = 4,
                                                 .kernel_h = 2,
                                                 .kernel_w = 2,
                                                 .stride_h = 4096,
                                                 .stride_w = 4096,
                                                 .pad_h = 4096,
                                                 .pad_w = 4096},
                                     .outputs = 3});
  EXPECT_LT(ConvScratch<TypeParam>(shape), size_t{1} << 17);
  this->Check(shape);
}

}  // namespace
}  // namespace nabla
