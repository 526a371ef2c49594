// What convolutions have in common: rows taken apart into what each window sees, and put together
// again.
#ifndef NABLA_FRAMEWORK_PLUGIN_CONVOLUTION_H_
#define NABLA_FRAMEWORK_PLUGIN_CONVOLUTION_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "framework/base/error.h"
#include "framework/kernels/gemm.h"
#include "framework/model/layer.h"
#include "framework/plugin/lanes.h"
#include "framework/plugin/window.h"
#include "framework/tensor/matrix.h"
#include "framework/tensor/storage.h"

namespace nabla {

// Below, K = (channel, kernel row, kernel column) and positions are those of the windows.

// Calls f(k, first position, whether inside, start of the input line, kernel column) for every
// kernel element k and line of the output.
template <typename F>
void ForLines(const Windows& w, F f) {
  size_t k = 0;
  for (size_t c = 0; c < w.channels; ++c) {
    for (size_t ky = 0; ky < w.kernel_h; ++ky) {
      for (size_t kx = 0; kx < w.kernel_w; ++kx, ++k) {
        for (size_t oy = 0; oy < w.out_h; ++oy) {
          const size_t y = oy * w.stride_h + ky * w.dilation_h;
          const bool inside = y >= w.pad_h && y - w.pad_h < w.height;
          f(k, oy * w.out_w, inside, c * w.plane() + (inside ? (y - w.pad_h) * w.width : 0), kx);
        }
      }
    }
  }
}

// Output columns [first, last) of a line whose kernel column kx falls inside the image.
inline std::pair<size_t, size_t> InsideColumns(const Windows& w, size_t kx) {
  const size_t shift = kx * w.dilation_w;
  const size_t first = shift >= w.pad_w ? 0 : (w.pad_w - shift + w.stride_w - 1) / w.stride_w;
  const size_t reach = w.width + w.pad_w;  // shift + ox stride < reach
  const size_t end = shift >= reach ? 0 : (reach - shift + w.stride_w - 1) / w.stride_w;
  const size_t last = std::min(end, w.out_w);
  return {std::min(first, last), last};
}

// patches (K, positions) = what each window sees of the row x, zeros outside.
template <typename T>
void Unfold(const Windows& w, const T* x, Matrix<T> patches) {
  ForLines(w, [&](size_t k, size_t position, bool inside, size_t line, size_t kx) {
    T* to = patches.Row(k) + position;
    const auto [first, last] = inside ? InsideColumns(w, kx) : std::pair<size_t, size_t>{0, 0};
    std::fill(to, to + first, T{0});
    std::fill(to + last, to + w.out_w, T{0});
    if (first == last) return;
    const T* from = x + (line + first * w.stride_w + kx * w.dilation_w - w.pad_w);
    if (w.stride_w == 1) {
      std::copy(from, from + (last - first), to + first);
    } else {
      for (size_t i = first; i < last; ++i) to[i] = from[(i - first) * w.stride_w];
    }
  });
}

// The same as (positions, K).
template <typename T>
void UnfoldTransposed(const Windows& w, const T* x, Matrix<T> patches) {
  for (size_t oy = 0; oy < w.out_h; ++oy) {
    for (size_t ox = 0; ox < w.out_w; ++ox) {
      T* to = patches.Row(oy * w.out_w + ox);
      const Windows::Cells seen = w.ElementsAt(oy, ox);
      const bool whole = (seen.y1 - seen.y0) * (seen.x1 - seen.x0) == w.kernel_size();
      if (!whole) std::fill_n(to, patches.cols, T{0});
      if (seen.y0 == seen.y1 || seen.x0 == seen.x1) continue;
      const size_t first_y = oy * w.stride_h + seen.y0 * w.dilation_h - w.pad_h;
      const size_t first_x = ox * w.stride_w + seen.x0 * w.dilation_w - w.pad_w;
      for (size_t c = 0; c < w.channels; ++c) {
        for (size_t ky = seen.y0; ky < seen.y1; ++ky) {
          const size_t y = first_y + (ky - seen.y0) * w.dilation_h;
          const T* from = x + c * w.plane() + y * w.width + first_x;
          T* at = to + c * w.kernel_size() + ky * w.kernel_w + seen.x0;
          if (w.dilation_w == 1) {
            for (size_t i = 0; i < seen.x1 - seen.x0; ++i) at[i] = from[i];
          } else {
            for (size_t i = 0; i < seen.x1 - seen.x0; ++i) at[i] = from[i * w.dilation_w];
          }
        }
      }
    }
  }
}

// x += all patches, each put back in its place, in ascending order of kernel elements.
template <typename T>
void AddFolded(const Windows& w, Matrix<const T> patches, T* x) {
  ForLines(w, [&](size_t k, size_t position, bool inside, size_t line, size_t kx) {
    if (!inside) return;
    const T* from = patches.Row(k) + position;
    const auto [first, last] = InsideColumns(w, kx);
    const size_t start = line + kx * w.dilation_w;
    for (size_t i = first; i < last; ++i) x[start + i * w.stride_w - w.pad_w] += from[i];
  });
}

// Scratch for what all windows of a row see: (K, positions), and (positions, K).
template <typename T>
Matrix<T> PatchesByKernel(const Windows& w, T* scratch) {
  return {scratch, w.seen(), w.positions(), PaddedStride<T>(w.positions())};
}
template <typename T>
Matrix<T> PatchesByPosition(const Windows& w, T* scratch) {
  return {scratch, w.positions(), w.seen(), PaddedStride<T>(w.seen())};
}
// The numbers of the larger one.
template <typename T>
size_t PatchNumbers(const Windows& w) {
  return std::max(w.seen() * PaddedStride<T>(w.positions()),
                  w.positions() * PaddedStride<T>(w.seen()));
}

// Part g of `groups` equal parts of the rows of m, or of its columns.
template <typename U>
Matrix<U> GroupOfRows(Matrix<U> m, size_t g, size_t groups) {
  return m.Rows(g * (m.rows / groups), (g + 1) * (m.rows / groups));
}
template <typename U>
Matrix<U> GroupOfCols(Matrix<U> m, size_t g, size_t groups) {
  return m.Cols(g * (m.cols / groups), (g + 1) * (m.cols / groups));
}

// The gradient of a bias (1, O) for one row: the sum of each plane of dy (O, positions).
template <typename T>
void AddPlaneSums(Matrix<const T> dy, bool accumulate, Matrix<T> gradient) {
  for (size_t o = 0; o < dy.rows; ++o) {
    const T* d = dy.Row(o);
    const T sum = static_cast<T>(Lanes(dy.cols, [d](size_t p) { return double{d[p]}; }));
    gradient(0, o) = accumulate ? gradient(0, o) + sum : sum;
  }
}

// What convolutions are made with beside their windows.
template <typename T>
class ConvolutionBase : public Layer<T> {
 public:
  template <typename V>
  static void ChannelFields(V& v) {
    v("channels", &ConvolutionBase::channels,
      {.doc = "number of output channels O", .min = 1, .max = 1 << 16, .required = true});
  }
  template <typename V>
  static void OtherFields(V& v) {
    using S = ConvolutionBase;
    v("groups", &S::groups,
      {.doc = "equal parts of the input and output channels; each output sees only its own part",
       .min = 1,
       .max = 1 << 16});
    v("bias", &S::bias, {.doc = "whether to add b"});
    v("weight", &S::weight, {.doc = "initial values of W"});
    v("bias_init", &S::bias_init, {.doc = "initial values of b"});
  }

  void CheckFields() const {
    if (channels % groups == 0) return;
    throw InputError("groups must divide the channels, but " + std::to_string(groups) +
                     " does not divide " + std::to_string(channels));
  }

  int64_t channels = 1;
  int64_t groups = 1;
  bool bias = true;
  Plug<Initializer<T>> weight{"torch_linear"};
  Plug<Initializer<T>> bias_init{"torch_linear"};

 protected:
  size_t Outputs() const { return static_cast<size_t>(channels); }
  size_t Groups() const { return static_cast<size_t>(groups); }

  void CheckGroups(const char* layer, const Shape& input, size_t input_channels) const {
    if (input_channels % Groups() == 0) return;
    throw InputError(std::string(layer) + ": " + std::to_string(groups) +
                     " groups do not divide the " + std::to_string(input_channels) +
                     " channels of rows of shape " + input.ToString());
  }

  // A weight (rows, cols) as PyTorch stores it, and the bias.
  void DeclareParameters(size_t rows, size_t cols, const Fans& fans, Declaration<T>* d) const {
    d->parameters.push_back({.name = "weight",
                             .rows = rows,
                             .cols = cols,
                             .fans = fans,
                             .initializer = weight.object,
                             .blockwise_gradient = true});
    if (!bias) return;
    d->parameters.push_back({.name = "bias",
                             .rows = 1,
                             .cols = Outputs(),
                             .fans = {fans.in, fans.out},
                             .initializer = bias_init.object,
                             .blockwise_gradient = true});
  }

  // y (O, positions) = b.
  void FillWithBias(const ParameterView<T>* parameters, Matrix<T> y) const {
    for (size_t o = 0; o < y.rows; ++o) {
      std::fill_n(y.Row(o), y.cols, bias ? parameters[1].value.data[o] : T{0});
    }
  }
};

// Weights are (O, K / groups), K = (input channel, kernel row, kernel column), as PyTorch stores
// them. A derived class says what its windows are.
template <typename T>
class Convolution : public ConvolutionBase<T> {
 public:
  void Declare(const Shape& input, Declaration<T>* d) const override {
    const Windows w = Of(input);
    const size_t fan_in = w.seen() / this->Groups();
    const Fans fans{fan_in, this->Outputs() * w.kernel_size(), true};
    this->DeclareParameters(this->Outputs(), fan_in, fans, d);
    d->scratch = PatchNumbers<T>(w);
    d->multiply_adds = this->Outputs() * w.positions() * fan_in;
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const Matrix<const T> weights = block.parameters[0].value;
    const Windows w = Of(*block.shape);
    const size_t groups = this->Groups();
    const Matrix<T> patches = PatchesByKernel(w, block.scratch);
    for (size_t r = 0; r < block.x.rows; ++r) {
      Unfold(w, block.x.Row(r), patches);
      const Matrix<T> y = Planes(w, block.y.Row(r));
      this->FillWithBias(block.parameters, y);
      for (size_t g = 0; g < groups; ++g) {
        GemmNN(GroupOfRows(weights, g, groups), GroupOfRows(patches, g, groups),
               GroupOfRows(y, g, groups), true);
      }
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const Matrix<const T> weights = block.parameters[0].value;
    const Windows w = Of(*block.shape);
    const size_t groups = this->Groups();
    const Matrix<T> patches = PatchesByKernel(w, block.scratch);
    for (size_t r = 0; r < block.x.rows; ++r) {
      const Matrix<const T> dy = Planes(w, block.dy.Row(r));
      for (size_t g = 0; g < groups; ++g) {
        GemmTN(GroupOfRows(weights, g, groups), GroupOfRows(dy, g, groups),
               GroupOfRows(patches, g, groups), false);
      }
      std::fill_n(block.dx.Row(r), block.dx.cols, T{0});
      AddFolded<T>(w, patches, block.dx.Row(r));
    }
  }

  void Gradient(const GradientTile<T>& tile) const override {
    const Windows w = Of(*tile.shape);
    const size_t groups = this->Groups();
    const Matrix<T> patches = PatchesByPosition(w, tile.scratch);
    for (size_t r = 0; r < tile.x.rows; ++r) {
      const Matrix<const T> dy = Planes(w, tile.dy.Row(r));
      const bool accumulate = r > 0 || tile.accumulate;
      if (tile.parameter == 1) {
        AddPlaneSums(dy, accumulate, tile.gradient);
        continue;
      }
      UnfoldTransposed(w, tile.x.Row(r), patches);
      for (size_t g = 0; g < groups; ++g) {
        GemmNN(GroupOfRows(dy, g, groups), GroupOfCols(patches, g, groups),
               GroupOfRows(tile.gradient, g, groups), accumulate);
      }
    }
  }

 protected:
  // Throws InputError if the input does not fit.
  virtual Windows Of(const Shape& input) const = 0;

 private:
  // One row's output or its gradient as (O, positions).
  template <typename U>
  Matrix<U> Planes(const Windows& w, U* row) const {
    return {row, this->Outputs(), w.positions(), w.positions()};
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_CONVOLUTION_H_
