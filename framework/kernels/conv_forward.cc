// Forward: for many outputs, outputs across the lanes of a tile and positions down; for few, the
// other way round.
#include <algorithm>
#include <cstddef>
#include <new>

#include "framework/kernels/conv.h"
#include "framework/tensor/storage.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/conv_forward.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/conv_tile-inl.h"
#include "framework/kernels/transpose-inl.h"
#include "hwy/cache_control.h"
#include "hwy/highway.h"
// clang-format on

// What all targets share is declared once, in whichever pass comes first.
#ifndef NABLA_FRAMEWORK_KERNELS_CONV_FORWARD_CC_SHARED_
#define NABLA_FRAMEWORK_KERNELS_CONV_FORWARD_CC_SHARED_
namespace nabla {
namespace {

// Positions whose sums are kept until they are transposed into y, unless one line has more.
constexpr size_t kForwardPositions = 128;

// A row with its padding. Column x of a padded line is column x / stride of the line's phase
// x % stride, so that the columns that a kernel element sees from one window to the next lie side
// by side.
struct PaddedRow {
  explicit PaddedRow(const Windows& w)
      : phases(std::min(w.stride_w, w.extent_w())),
        cols(w.out_w + (w.extent_w() - 1) / w.stride_w),
        line(phases * cols),
        lines((w.out_h - 1) * w.stride_h + w.extent_h()),
        plane(lines * line) {}

  size_t phases;
  size_t cols;   // of a phase
  size_t line;   // numbers of a padded line
  size_t lines;  // that windows see
  size_t plane;
};

// Where things are in the scratch memory.
template <typename T>
struct ForwardScratch {
  explicit ForwardScratch(const ConvShape& shape) {
    constexpr size_t kLanes = kAlignment / sizeof(T);
    const Windows& w = shape.windows;
    const size_t width = PaddedStride<T>(shape.group_outputs());
    const size_t lines = std::max(kForwardPositions / w.out_w, size_t{1});
    weights = PaddedStride<T>(shape.group_seen() * sizeof(size_t) / sizeof(T));
    planes = weights + shape.groups * shape.group_seen() * width;
    // Tiles read whole vectors.
    sums = planes + PaddedStride<T>(w.channels * PaddedRow(w).plane) + 2 * kLanes;
    size = sums + std::min(lines, w.out_h) * w.out_w * 2 * kLanes;
  }

  size_t weights;  // after the offsets of what a window sees
  size_t planes;
  size_t sums;
  size_t size;
};

// Whether that is faster than im2col's way.
template <typename T>
bool ForwardIsDirect(const ConvShape& shape) {
  const ForwardScratch<T> scratch(shape);
  return !IsMostlyPadding<T>(shape, scratch.size - scratch.planes);
}

template <typename T>
struct ForwardCall {
  const ConvShape& shape;
  Matrix<const T> x;
  Matrix<const T> weights;
  const T* bias;
  T* scratch;
  Matrix<T> y;
};

}  // namespace
}  // namespace nabla
#endif

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

template void RunConvTile(size_t, size_t, const ConvPositionTile<float>&);
template void RunConvTile(size_t, size_t, const ConvPositionTile<double>&);
template void RunConvTile(size_t, size_t, const ConvChannelTile<float>&);
template void RunConvTile(size_t, size_t, const ConvChannelTile<double>&);

namespace {

template <typename T>
class ForwardRun {
 public:
  explicit ForwardRun(const ForwardCall<T>& call)
      : call_(call),
        w_(call.shape.windows),
        padded_(w_),
        depth_(call.shape.group_seen()),
        outputs_(call.shape.group_outputs()),
        lanes_(hn::Lanes(hn::ScalableTag<T>())),
        across_(OutputsAcross()) {
    const ForwardScratch<T> scratch(call.shape);
    at_ = new (call.scratch) size_t[depth_];
    packed_ = call.scratch + scratch.weights;
    planes_ = call.scratch + scratch.planes;
    sums_ = call.scratch + scratch.sums;
    std::fill_n(planes_, scratch.sums - scratch.planes, T{0});
    size_t* at = at_;
    for (size_t c = 0; c < call.shape.group_channels(); ++c) {
      for (size_t ky = 0; ky < w_.kernel_h; ++ky) {
        for (size_t kx = 0; kx < w_.kernel_w; ++kx) {
          const size_t column = kx * w_.dilation_w;
          *at++ = c * padded_.plane + ky * w_.dilation_h * padded_.line +
                  column % w_.stride_w * padded_.cols + column / w_.stride_w;
        }
      }
    }
    if (across_) Pack();
  }

  void Run() {
    const size_t group_planes = call_.shape.group_channels() * padded_.plane;
    for (size_t r = 0; r < call_.x.rows; ++r) {
      Pad(call_.x.Row(r));
      for (size_t g = 0; g < call_.shape.groups; ++g) {
        const T* planes = planes_ + g * group_planes;
        T* y = call_.y.Row(r) + g * outputs_ * w_.positions();
        if (across_) {
          OutputsAcrossLanes(planes, g, y);
        } else {
          PositionsAcrossLanes(planes, g, y);
        }
      }
    }
  }

 private:
  // Whether outputs across the lanes take fewer steps than positions: lanes that stay idle count,
  // and what a tile costs beside its chains (of the former also the transposition).
  bool OutputsAcross() const {
    return PackedWidth() * w_.out_w * (depth_ + 9) <
           outputs_ * WholeVectors(w_.out_w, lanes_) * (depth_ + 2);
  }

  const T* Bias(size_t output) const {
    return call_.bias == nullptr ? nullptr : call_.bias + output;
  }

  // Panels of up to two vectors: panel, k, output. Lanes without an output hold zeros.
  size_t PackedWidth() const { return WholeVectors(outputs_, lanes_); }
  void Pack() {
    const size_t group = depth_ * PackedWidth();
    std::fill_n(packed_, call_.shape.groups * group, T{0});
    for (size_t g = 0; g < call_.shape.groups; ++g) {
      ForPanels(0, outputs_, lanes_, [&](size_t first, size_t count, size_t vectors) {
        TransposeBlock(call_.weights.Row(g * outputs_ + first), call_.weights.stride, count, depth_,
                       packed_ + g * group + first * depth_, vectors * lanes_);
      });
    }
  }

  // Copies x into the padded planes, whose padding stays zero.
  void Pad(const T* x) {
    const size_t lines = std::min(w_.height, std::max(padded_.lines, w_.pad_h) - w_.pad_h);
    for (size_t c = 0; c < w_.channels; ++c) {
      for (size_t y = 0; y < lines; ++y) {
        // Not if it lies between the windows.
        if ((y + w_.pad_h) % w_.stride_h >= w_.extent_h()) continue;
        PadLine(x + c * w_.plane() + y * w_.width,
                planes_ + c * padded_.plane + (y + w_.pad_h) * padded_.line);
      }
    }
  }

  void PadLine(const T* from, T* to) {
    const size_t step = w_.stride_w;
    for (size_t phase = 0; phase < padded_.phases; ++phase, to += padded_.cols) {
      // Columns [first, last) of the phase are inside; those at the end that no window sees are
      // left out.
      const size_t first = phase >= w_.pad_w ? 0 : (w_.pad_w - phase + step - 1) / step;
      const size_t reach = w_.width + w_.pad_w;  // phase + column * step < reach
      const size_t end = phase >= reach ? 0 : (reach - phase + step - 1) / step;
      const size_t last = std::min(end, padded_.cols);
      if (first >= last) continue;
      const T* at = from + (first * step + phase - w_.pad_w);
      if (step == 1) {
        CopyLine(at, last - first, to + first);
      } else {
        for (size_t i = first; i < last; ++i, at += step) to[i] = *at;
      }
    }
  }

  void OutputsAcrossLanes(const T* planes, size_t g, T* y) {
    const size_t most_lines = std::max(kForwardPositions / w_.out_w, size_t{1});
    HWY_ALIGN T bias[2 * HWY_MAX_BYTES / sizeof(T)] = {};
    ForPanels(0, outputs_, lanes_, [&](size_t first, size_t count, size_t vectors) {
      const size_t width = vectors * lanes_;
      if (call_.bias != nullptr) std::copy_n(Bias(g * outputs_ + first), count, bias);
      const T* packed = packed_ + depth_ * (g * PackedWidth() + first);
      for (size_t line = 0; line < w_.out_h; line += most_lines) {
        const size_t lines = std::min(most_lines, w_.out_h - line);
        for (size_t i = 0; i < lines; ++i) {
          const T* from = planes + (line + i) * w_.stride_h * padded_.line;
          ForEqualParts(w_.out_w, MostConvRows(vectors), [&](size_t x, size_t rows) {
            RunConvTile<T, ConvPositionTile>(rows, vectors,
                                             {.a = from + x,
                                              .at = at_,
                                              .b = packed,
                                              .depth = depth_,
                                              .start = bias,
                                              .end = ConvEnd::kSet,
                                              .c = sums_ + (i * w_.out_w + x) * width,
                                              .c_row = width});
          });
        }
        TransposeBlock(sums_, width, lines * w_.out_w, count,
                       y + first * w_.positions() + line * w_.out_w, w_.positions());
      }
    });
  }

  void PositionsAcrossLanes(const T* planes, size_t g, T* y) {
    for (size_t line = 0; line < w_.out_h; ++line) {
      const T* from = planes + line * w_.stride_h * padded_.line;
      ForPanels(0, w_.out_w, lanes_, [&](size_t x, size_t count, size_t vectors) {
        ForEqualParts(outputs_, MostConvRows(vectors), [&](size_t o, size_t rows) {
          // y is long out of the caches, and its planes are too many for the processor to foresee.
          for (size_t i = 0; i < rows && line + 1 < w_.out_h; ++i) {
            const T* next = y + (o + i) * w_.positions() + (line + 1) * w_.out_w + x;
            hwy::Prefetch(next + count - 1);
          }
          RunConvTile<T, ConvChannelTile>(rows, vectors,
                                          {.a = call_.weights.Row(g * outputs_ + o),
                                           .a_row = call_.weights.stride,
                                           .a_col = 1,
                                           .b = from + x,
                                           .at = at_,
                                           .depth = depth_,
                                           .start = Bias(g * outputs_ + o),
                                           .end = ConvEnd::kSet,
                                           .c = y + o * w_.positions() + line * w_.out_w + x,
                                           .c_row = w_.positions(),
                                           .tail = count - (vectors - 1) * lanes_});
        });
      });
    }
  }

  const ForwardCall<T>& call_;
  const Windows& w_;
  const PaddedRow padded_;
  const size_t depth_;    // numbers that an output sees
  const size_t outputs_;  // of a group
  const size_t lanes_;
  const bool across_;  // outputs across lanes
  size_t* at_;         // where in the planes of a group a window sees number k
  T* packed_;
  T* planes_;
  T* sums_;
};

void ForwardFloat(const ForwardCall<float>& call) { ForwardRun<float>(call).Run(); }
void ForwardDouble(const ForwardCall<double>& call) { ForwardRun<double>(call).Run(); }

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {
namespace {

HWY_EXPORT(ForwardFloat);
HWY_EXPORT(ForwardDouble);

void Dispatch(const ForwardCall<float>& call) { HWY_DYNAMIC_DISPATCH(ForwardFloat)(call); }
void Dispatch(const ForwardCall<double>& call) { HWY_DYNAMIC_DISPATCH(ForwardDouble)(call); }

}  // namespace

template <typename T>
size_t ConvForwardScratch(const ConvShape& shape) {
  return ForwardIsDirect<T>(shape) ? ForwardScratch<T>(shape).size : PatchNumbers<T>(shape.windows);
}

template <typename T>
void ConvForward(const ConvShape& shape, ReadOnly<T> x, ReadOnly<T> weights,
                 const std::type_identity_t<T>* bias, T* scratch, Matrix<T> y) {
  if (!ForwardIsDirect<T>(shape)) return Im2colForward<T>(shape, x, weights, bias, scratch, y);
  Dispatch(ForwardCall<T>{shape, x, weights, bias, scratch, y});
}

template size_t ConvForwardScratch<float>(const ConvShape&);
template size_t ConvForwardScratch<double>(const ConvShape&);
template void ConvForward<float>(const ConvShape&, Matrix<const float>, Matrix<const float>,
                                 const float*, float*, Matrix<float>);
template void ConvForward<double>(const ConvShape&, Matrix<const double>, Matrix<const double>,
                                  const double*, double*, Matrix<double>);

}  // namespace nabla
#endif  // HWY_ONCE
