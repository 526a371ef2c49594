// The products of one convolution, by the direct kernels and by the plain version, in guarded
// memory.
#ifndef NABLA_TESTS_KERNELS_CONV_CASE_H_
#define NABLA_TESTS_KERNELS_CONV_CASE_H_

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <sstream>
#include <string>

#include "framework/kernels/conv.h"
#include "framework/kernels/im2col.h"
#include "framework/tensor/matrix.h"
#include "framework/tensor/storage.h"
#include "framework/tensor/windows.h"
#include "tests/kernels/guarded.h"

namespace nabla {

// With out_h and out_w as they follow, 0 if no window fits.
inline ConvShape Completed(ConvShape shape) {
  Windows& w = shape.windows;
  const auto count = [](size_t size, size_t pad, size_t extent, size_t stride) {
    return extent > size + 2 * pad ? 0 : (size + 2 * pad - extent) / stride + 1;
  };
  w.out_h = count(w.height, w.pad_h, w.extent_h(), w.stride_h);
  w.out_w = count(w.width, w.pad_w, w.extent_w(), w.stride_w);
  return shape;
}

inline std::string ToString(const ConvShape& s) {
  const Windows& w = s.windows;
  std::ostringstream text;
  text << w.channels << " x " << w.height << " x " << w.width << " -> " << s.outputs << " in "
       << s.groups << " groups, kernel " << w.kernel_h << " x " << w.kernel_w << ", stride "
       << w.stride_h << " x " << w.stride_w << ", padding " << w.pad_h << " x " << w.pad_w
       << ", dilation " << w.dilation_h << " x " << w.dilation_w;
  return text.str();
}

// R rows of a batch and everything that a convolution of them takes, drawn at random.
template <typename T>
class ConvCase {
 public:
  // Rows have `gap` numbers of padding.
  ConvCase(const ConvShape& shape, size_t rows, size_t gap, bool specials, std::mt19937_64& random)
      : shape_(shape),
        rows_(rows),
        gap_(gap),
        x_(rows, Inputs(), Inputs() + gap),
        y_(rows, Outputs(), Outputs() + gap),
        weights_(shape.outputs, shape.group_seen(), shape.group_seen() + gap),
        output_bias_(shape.outputs),
        input_bias_(shape.windows.channels),
        patches_(PatchNumbers<T>(shape.windows)) {
    for (GuardedMatrix<T>* m : {&x_, &y_, &weights_}) Fill(m->view(), random, specials);
    Fill(Matrix<T>{output_bias_.data(), 1, shape.outputs, shape.outputs}, random, specials);
    Fill(Matrix<T>{input_bias_.data(), 1, input_bias_.size(), input_bias_.size()}, random,
         specials);
  }

  // Each compares a product with the plain one and says what differs, or nothing.
  std::string Forward(bool bias) {
    const T* start = bias ? output_bias_.data() : nullptr;
    return Compare(
        rows_, Outputs(), ConvForwardScratch<T>(shape_),
        [&](T* scratch, Matrix<T> y) {
          ConvForward(shape_, x_.view(), weights_.view(), start, scratch, y);
        },
        [&](Matrix<T> y) {
          Im2colForward(shape_, x_.view(), weights_.view(), start, patches_.data(), y);
        });
  }
  std::string DataGradient(bool bias) {
    const T* start = bias ? input_bias_.data() : nullptr;
    return Compare(
        rows_, Inputs(), ConvDataGradientScratch<T>(shape_),
        [&](T* scratch, Matrix<T> dx) {
          ConvDataGradient(shape_, y_.view(), weights_.view(), start, scratch, dx);
        },
        [&](Matrix<T> dx) {
          Im2colDataGradient(shape_, y_.view(), weights_.view(), start, patches_.data(), dx);
        });
  }
  std::string WeightGradient(bool accumulate) {
    return Compare(
        shape_.outputs, shape_.group_seen(), ConvWeightGradientScratch<T>(shape_),
        [&](T* scratch, Matrix<T> gradient) {
          ConvWeightGradient(shape_, x_.view(), y_.view(), accumulate, scratch, gradient);
        },
        [&](Matrix<T> gradient) {
          Im2colWeightGradient(shape_, x_.view(), y_.view(), accumulate, patches_.data(), gradient);
        });
  }

  // All of them, with and without what they may start from.
  std::string All() {
    for (const bool with : {false, true}) {
      if (const std::string s = Forward(with); !s.empty()) return "forward: " + s;
      if (const std::string s = DataGradient(with); !s.empty()) return "data gradient: " + s;
      if (const std::string s = WeightGradient(with); !s.empty()) return "weight gradient: " + s;
    }
    return "";
  }

 private:
  size_t Inputs() const { return shape_.windows.channels * shape_.windows.plane(); }
  size_t Outputs() const { return shape_.outputs * shape_.windows.positions(); }

  template <class Direct, class Plain>
  std::string Compare(size_t rows, size_t cols, size_t scratch_size, Direct direct, Plain plain) {
    GuardedMatrix<T> found(rows, cols, cols + gap_), want(rows, cols, cols + gap_);
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < cols; ++c) found.view()(r, c) = static_cast<T>(r + c) / 7;
      for (size_t c = 0; c < cols; ++c) want.view()(r, c) = found.view()(r, c);
    }
    GuardedArray<T> scratch(scratch_size);
    // What earlier calls left there must not count.
    for (size_t i = 0; i < scratch_size; ++i) scratch[i] = std::numeric_limits<T>::quiet_NaN();
    direct(scratch.data(), found.view());
    plain(want.view());
    if (!found.Intact()) return "wrote between the rows of " + ToString(shape_);
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < cols; ++c) {
        const T a = found.view()(r, c), b = want.view()(r, c);
        if (SameBits(a, b)) continue;
        return std::to_string(r) + ", " + std::to_string(c) + " is " + std::to_string(a) +
               " instead of " + std::to_string(b) + " in " + ToString(shape_);
      }
    }
    return "";
  }

  ConvShape shape_;
  size_t rows_;
  size_t gap_;
  GuardedMatrix<T> x_, y_, weights_;
  GuardedArray<T> output_bias_, input_bias_;
  Storage<T> patches_;
};

}  // namespace nabla

#endif  // NABLA_TESTS_KERNELS_CONV_CASE_H_
