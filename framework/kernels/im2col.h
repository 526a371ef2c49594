// Convolutions as matrix products over what each window sees, written out: the plain version. The
// direct kernels of conv.h give the same bits; where windows hardly overlap, this way is faster.
#ifndef NABLA_FRAMEWORK_KERNELS_IM2COL_H_
#define NABLA_FRAMEWORK_KERNELS_IM2COL_H_

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "framework/kernels/gemm.h"
#include "framework/tensor/matrix.h"
#include "framework/tensor/storage.h"
#include "framework/tensor/windows.h"

namespace nabla {

// A convolution from rows x (channels, height, width) to rows y (O, out_h, out_w). Weights are
// (O, K / groups), K = (input channel, kernel row, kernel column). Channels and outputs are in
// `groups` equal parts; each output sees only its own part.
struct ConvShape {
  Windows windows;
  size_t outputs = 1;  // O
  size_t groups = 1;

  size_t group_channels() const { return windows.channels / groups; }
  size_t group_outputs() const { return outputs / groups; }
  size_t group_seen() const { return windows.seen() / groups; }  // K / groups
};

// Below, positions are those of the windows.

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

// The three products below are those of conv.h; scratch has PatchNumbers<T>(windows) numbers.

template <typename T>
void Im2colForward(const ConvShape& shape, ReadOnly<T> x, ReadOnly<T> weights,
                   const std::type_identity_t<T>* bias, T* scratch, Matrix<T> y) {
  const Windows& w = shape.windows;
  const size_t groups = shape.groups;
  const Matrix<T> patches = PatchesByKernel(w, scratch);
  for (size_t r = 0; r < x.rows; ++r) {
    Unfold(w, x.Row(r), patches);
    const Matrix<T> planes{y.Row(r), shape.outputs, w.positions(), w.positions()};
    for (size_t o = 0; o < shape.outputs; ++o) {
      std::fill_n(planes.Row(o), planes.cols, bias == nullptr ? T{0} : bias[o]);
    }
    for (size_t g = 0; g < groups; ++g) {
      GemmNN(GroupOfRows(weights, g, groups), GroupOfRows(patches, g, groups),
             GroupOfRows(planes, g, groups), true);
    }
  }
}

template <typename T>
void Im2colDataGradient(const ConvShape& shape, ReadOnly<T> dy, ReadOnly<T> weights,
                        const std::type_identity_t<T>* bias, T* scratch, Matrix<T> dx) {
  const Windows& w = shape.windows;
  const size_t groups = shape.groups;
  const Matrix<T> patches = PatchesByKernel(w, scratch);
  for (size_t r = 0; r < dy.rows; ++r) {
    const Matrix<const T> planes{dy.Row(r), shape.outputs, w.positions(), w.positions()};
    for (size_t g = 0; g < groups; ++g) {
      GemmTN(GroupOfRows(weights, g, groups), GroupOfRows(planes, g, groups),
             GroupOfRows(patches, g, groups), false);
    }
    for (size_t c = 0; c < w.channels; ++c) {
      std::fill_n(dx.Row(r) + c * w.plane(), w.plane(), bias == nullptr ? T{0} : bias[c]);
    }
    AddFolded<T>(w, patches, dx.Row(r));
  }
}

template <typename T>
void Im2colWeightGradient(const ConvShape& shape, ReadOnly<T> x, ReadOnly<T> dy, bool accumulate,
                          T* scratch, Matrix<T> gradient) {
  const Windows& w = shape.windows;
  const size_t groups = shape.groups;
  const Matrix<T> patches = PatchesByPosition(w, scratch);
  for (size_t r = 0; r < x.rows; ++r) {
    const Matrix<const T> planes{dy.Row(r), shape.outputs, w.positions(), w.positions()};
    UnfoldTransposed(w, x.Row(r), patches);
    for (size_t g = 0; g < groups; ++g) {
      GemmNN(GroupOfRows(planes, g, groups), GroupOfCols(patches, g, groups),
             GroupOfRows(gradient, g, groups), r > 0 || accumulate);
    }
  }
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_IM2COL_H_
