// max_pool2d takes many windows at once; here it is compared with its definition, bit for bit.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/kernels/simd.h"
#include "framework/model/layer.h"
#include "framework/plugin/registry.h"
#include "framework/tensor/windows.h"
#include "plugins/builtin.h"
#include "tests/kernels/guarded.h"

namespace nabla {
namespace {

struct Pool {
  size_t channels, height, width;
  size_t kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w;

  std::string Yaml() const {
    const auto pair = [](size_t a, size_t b) {
      return "[" + std::to_string(a) + ", " + std::to_string(b) + "]";
    };
    return "{name: max_pool2d, kernel_size: " + pair(kernel_h, kernel_w) +
           ", stride: " + pair(stride_h, stride_w) + ", padding: " + pair(pad_h, pad_w) + "}";
  }
};

// y and dx, cell by cell.
template <typename T>
void Define(const Pool& pool, const Shape& out, const T* x, const T* dy, T* y, T* dx) {
  size_t p = 0;
  for (size_t c = 0; c < pool.channels; ++c) {
    for (size_t oy = 0; oy < out.dims[1]; ++oy) {
      for (size_t ox = 0; ox < out.dims[2]; ++ox, ++p) {
        size_t best = 0;
        bool found = false;
        for (size_t k = 0; k < pool.kernel_h * pool.kernel_w; ++k) {
          const size_t row = oy * pool.stride_h + k / pool.kernel_w;
          const size_t col = ox * pool.stride_w + k % pool.kernel_w;
          if (row < pool.pad_h || row - pool.pad_h >= pool.height) continue;
          if (col < pool.pad_w || col - pool.pad_w >= pool.width) continue;
          const size_t at = (c * pool.height + row - pool.pad_h) * pool.width + col - pool.pad_w;
          const bool larger = found && (std::isnan(x[at]) ? !std::isnan(x[best]) : x[at] > x[best]);
          if (!found || larger) best = at;
          found = true;
        }
        y[p] = x[best];
        dx[best] += dy[p];
      }
    }
  }
}

template <typename T>
class MaxPoolTest : public testing::Test {
 protected:
  ~MaxPoolTest() override { SetSimd(""); }

  void Check(const Pool& pool) {
    for (const std::string& simd : SimdNames()) {
      SetSimd(simd);
      Registry registry;
      RegisterBuiltins(registry);
      Problems problems;
      const MadePlugin made =
          registry.Maker<T>()->Make("layer", ParseYamlValue(pool.Yaml(), "test"), problems);
      problems.ThrowIfAny();
      SCOPED_TRACE(simd + " " + pool.Yaml() + " " + std::to_string(pool.width));
      Compare(pool, *std::static_pointer_cast<const Layer<T>>(made.object));
    }
  }

  std::mt19937_64 random_{5};

 private:
  // Few different numbers, so that many are equal, and some that are special.
  void Draw(Matrix<T> m) {
    Fill(m, random_, true);
    for (size_t i = 0; i < m.rows * m.cols; ++i) {
      T& v = m(i / m.cols, i % m.cols);
      if (std::abs(v) < 4 && random_() % 2 == 0) v = std::round(v);
    }
  }

  void Compare(const Pool& pool, const Layer<T>& layer) {
    const Shape in{{pool.channels, pool.height, pool.width}};
    const Shape out = layer.Output(in);
    GuardedMatrix<T> x(2, in.size(), in.size() + 3), dx(2, in.size(), in.size() + 3);
    GuardedMatrix<T> y(2, out.size(), out.size() + 1), dy(2, out.size(), out.size() + 1);
    Draw(x.view());
    Draw(dy.view());
    Fill(dx.view(), random_, false);
    layer.Forward({.shape = &in, .x = x.view(), .y = y.view()});
    layer.Backward({.shape = &in, .x = x.view(), .y = y.view(), .dy = dy.view(), .dx = dx.view()});
    EXPECT_TRUE(dx.Intact() && y.Intact());
    for (size_t r = 0; r < 2; ++r) {
      std::vector<T> want_y(out.size()), want_dx(in.size());
      Define(pool, out, x.view().Row(r), dy.view().Row(r), want_y.data(), want_dx.data());
      for (size_t i = 0; i < out.size(); ++i) {
        ASSERT_TRUE(SameBits(y.view()(r, i), want_y[i])) << "y " << i;
      }
      for (size_t i = 0; i < in.size(); ++i) {
        ASSERT_TRUE(SameBits(dx.view()(r, i), want_dx[i])) << "dx " << i;
      }
    }
  }
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(MaxPoolTest, Reals);

TYPED_TEST(MaxPoolTest, EveryWidth) {
  for (size_t width = 3; width <= 40; ++width) {
    this->Check({2, 6, width, 2, 2, 2, 2, 0, 0});
    this->Check({2, 7, width, 3, 3, 2, 2, 1, 1});
    this->Check({1, 6, width, 3, 3, 3, 3, 0, 0});
    this->Check({1, 5, width, 2, 3, 1, 1, 0, 1});
  }
}

TYPED_TEST(MaxPoolTest, AnyWindow) {
  for (int i = 0; i < 400; ++i) {
    const auto draw = [this](size_t low, size_t high) {
      return low + this->random_() % (high - low + 1);
    };
    const size_t kernel_h = draw(1, 5), kernel_w = draw(1, 5);
    this->Check({draw(1, 3), draw(kernel_h, 12), draw(kernel_w, 50), kernel_h, kernel_w, draw(1, 4),
                 draw(1, 4), draw(0, kernel_h / 2), draw(0, kernel_w / 2)});
  }
}

}  // namespace
}  // namespace nabla
