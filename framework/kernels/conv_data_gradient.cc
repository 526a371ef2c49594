// The gradient of the input: for each kernel element, chains over the outputs, which are added to
// the cells that the element sees. For many channels they lie across the lanes of a tile and
// positions down; for few, the other way round.
#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>

#include "framework/kernels/conv.h"
#include "framework/tensor/storage.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/conv_data_gradient.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/conv_tile-inl.h"
#include "framework/kernels/transpose-inl.h"
#include "hwy/highway.h"
// clang-format on

// What all targets share is declared once, in whichever pass comes first.
#ifndef NABLA_FRAMEWORK_KERNELS_CONV_DATA_GRADIENT_CC_SHARED_
#define NABLA_FRAMEWORK_KERNELS_CONV_DATA_GRADIENT_CC_SHARED_
namespace nabla {
namespace {

// Cells whose sums are kept until they are transposed into dx, unless one line has more.
constexpr size_t kDataGradientCells = 128;

// Where things are in the scratch memory.
template <typename T>
struct DataGradientScratch {
  explicit DataGradientScratch(const ConvShape& shape) {
    constexpr size_t kLanes = kAlignment / sizeof(T);
    const Windows& w = shape.windows;
    const size_t width = PaddedStride<T>(shape.group_channels());
    const size_t lines = std::max(kDataGradientCells / w.width, size_t{1});
    weights = PaddedStride<T>(shape.group_outputs() * sizeof(size_t) / sizeof(T));
    planes = weights + w.kernel_size() * shape.outputs * width;
    // A line more than a multiple of 8, since planes that lie a power of two apart push each other
    // out of the cache. Tiles read whole vectors.
    plane =
        PaddedStride<T>(w.positions()) / kLanes % 8 == 0 ? w.positions() + kLanes : w.positions();
    sums = planes + PaddedStride<T>(shape.outputs * plane) + 2 * kLanes;
    size = sums + std::min(lines, w.height) * w.width * 2 * kLanes;
  }

  size_t weights;  // after the offsets of outputs
  size_t planes;
  size_t plane;
  size_t sums;
  size_t size;
};

// Whether the direct way is faster than im2col's. A single channel makes tiles of a single row.
template <typename T>
bool DataGradientIsDirect(const ConvShape& shape) {
  if (shape.group_channels() == 1 && shape.group_outputs() > 4) return false;
  const DataGradientScratch<T> scratch(shape);
  return !IsMostlyPadding<T>(shape, scratch.size - scratch.planes);
}

template <typename T>
struct DataGradientCall {
  const ConvShape& shape;
  Matrix<const T> dy;
  Matrix<const T> weights;
  const T* bias;
  T* scratch;
  Matrix<T> dx;
};

}  // namespace
}  // namespace nabla
#endif

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

template <typename T>
class DataGradientRun {
 public:
  explicit DataGradientRun(const DataGradientCall<T>& call)
      : call_(call),
        w_(call.shape.windows),
        channels_(call.shape.group_channels()),
        outputs_(call.shape.group_outputs()),
        lanes_(hn::Lanes(hn::ScalableTag<T>())),
        across_(ChannelsAcross()) {
    const DataGradientScratch<T> scratch(call.shape);
    at_ = new (call.scratch) size_t[outputs_];
    packed_ = call.scratch + scratch.weights;
    planes_ = call.scratch + scratch.planes;
    plane_ = scratch.plane;
    sums_ = call.scratch + scratch.sums;
    for (size_t o = 0; o < outputs_; ++o) at_[o] = o * plane_;
    if (across_) {
      Pack();
    } else {
      // Whole vectors are read beyond the last line.
      std::fill_n(planes_, scratch.sums - scratch.planes, T{0});
    }
  }

  void Run() {
    for (size_t r = 0; r < call_.dy.rows; ++r) {
      for (size_t o = 0; o < call_.shape.outputs; ++o) {
        CopyLine(call_.dy.Row(r) + o * w_.positions(), w_.positions(), planes_ + o * plane_);
      }
      for (size_t g = 0; g < call_.shape.groups; ++g) {
        const T* dy = planes_ + g * outputs_ * plane_;
        T* dx = call_.dx.Row(r) + g * channels_ * w_.plane();
        if (across_) {
          ChannelsAcrossLanes(dy, g, dx);
        } else {
          PositionsAcrossLanes(dy, g, dx);
        }
      }
    }
  }

 private:
  // Whether channels across the lanes take fewer steps than positions: lanes that stay idle count.
  bool ChannelsAcross() const {
    return w_.stride_w > 1 ||
           PackedWidth() * w_.out_w <= channels_ * WholeVectors(w_.out_w, lanes_);
  }

  // Panels of up to two vectors: panel, kernel element, output, channel. Lanes without a channel
  // hold zeros.
  size_t PackedWidth() const { return WholeVectors(channels_, lanes_); }
  size_t PackedGroup() const { return w_.kernel_size() * outputs_ * PackedWidth(); }
  void Pack() {
    const size_t elements = w_.kernel_size();
    std::fill_n(packed_, call_.shape.groups * PackedGroup(), T{0});
    for (size_t g = 0; g < call_.shape.groups; ++g) {
      ForPanels(0, channels_, lanes_, [&](size_t first, size_t count, size_t vectors) {
        const size_t width = vectors * lanes_;
        T* panel = packed_ + g * PackedGroup() + elements * outputs_ * first;
        for (size_t o = 0; o < outputs_; ++o) {
          // From channel, kernel element.
          TransposeBlock(call_.weights.Row(g * outputs_ + o) + first * elements, elements, count,
                         elements, panel + o * width, outputs_ * width);
        }
      });
    }
  }

  // Calls f(kernel element, its column, line of dy) for the elements that see line y of dx, in
  // ascending order.
  template <typename F>
  void ForElements(size_t y, F f) const {
    for (size_t ky = 0; ky < w_.kernel_h; ++ky) {
      const size_t below = ky * w_.dilation_h;
      if (y + w_.pad_h < below || (y + w_.pad_h - below) % w_.stride_h != 0) continue;
      const size_t line = (y + w_.pad_h - below) / w_.stride_h;
      if (line >= w_.out_h) continue;
      for (size_t kx = 0; kx < w_.kernel_w; ++kx) f(ky * w_.kernel_w + kx, kx, line);
    }
  }

  void ChannelsAcrossLanes(const T* dy, size_t g, T* dx) {
    const size_t most_lines = std::max(kDataGradientCells / w_.width, size_t{1});
    ForPanels(0, channels_, lanes_, [&](size_t first, size_t count, size_t vectors) {
      const size_t width = vectors * lanes_;
      const T* packed = packed_ + g * PackedGroup() + w_.kernel_size() * outputs_ * first;
      for (size_t y = 0; y < w_.height; y += most_lines) {
        const size_t lines = std::min(most_lines, w_.height - y);
        Start(lines * w_.width, g * channels_ + first, count, width);
        for (size_t i = 0; i < lines; ++i) {
          AddToLine(dy, y + i, packed, vectors, sums_ + i * w_.width * width);
        }
        TransposeBlock(sums_, width, lines * w_.width, count,
                       dx + first * w_.plane() + y * w_.width, w_.plane());
      }
    });
  }

  // Sums (cells, width) = bias.
  void Start(size_t cells, size_t channel, size_t count, size_t width) {
    std::fill_n(sums_, cells * width, T{0});
    if (call_.bias == nullptr) return;
    for (size_t i = 0; i < cells; ++i) {
      std::copy_n(call_.bias + channel, count, sums_ + i * width);
    }
  }

  // Adds to line y of dx as (cell, channel).
  void AddToLine(const T* dy, size_t y, const T* packed, size_t vectors, T* sums) {
    const size_t width = vectors * lanes_;
    ForElements(y, [&](size_t k, size_t kx, size_t line) {
      const auto [begin, end] = InsideColumns(w_, kx);
      const T* from = dy + line * w_.out_w + begin;
      T* to = sums + (begin * w_.stride_w + kx * w_.dilation_w - w_.pad_w) * width;
      ForEqualParts(end - begin, MostConvRows(vectors), [&](size_t x, size_t rows) {
        RunConvTile<T, ConvPositionTile>(rows, vectors,
                                         {.a = from + x,
                                          .at = at_,
                                          .b = packed + k * outputs_ * width,
                                          .depth = outputs_,
                                          .start = nullptr,
                                          .end = ConvEnd::kAdd,
                                          .c = to + x * w_.stride_w * width,
                                          .c_row = w_.stride_w * width});
      });
    });
  }

  // Steps from one position to the next are steps from one cell to the next here.
  void PositionsAcrossLanes(const T* dy, size_t g, T* dx) {
    for (size_t c = 0; c < channels_; ++c) {
      const T start = call_.bias == nullptr ? T{0} : call_.bias[g * channels_ + c];
      std::fill_n(dx + c * w_.plane(), w_.plane(), start);
    }
    const Matrix<const T> weights = GroupOfRows(call_.weights, g, call_.shape.groups);
    for (size_t y = 0; y < w_.height; ++y) {
      ForElements(y, [&](size_t k, size_t kx, size_t line) {
        const auto [begin, end] = InsideColumns(w_, kx);
        T* to = dx + y * w_.width + (kx * w_.dilation_w - w_.pad_w);
        ForPanels(begin, end, lanes_, [&](size_t x, size_t count, size_t vectors) {
          ForEqualParts(channels_, MostConvRows(vectors), [&](size_t c, size_t rows) {
            RunConvTile<T, ConvChannelTile>(rows, vectors,
                                            {.a = weights.data + c * w_.kernel_size() + k,
                                             .a_row = w_.kernel_size(),
                                             .a_col = weights.stride,
                                             .b = dy + line * w_.out_w + x,
                                             .at = at_,
                                             .depth = outputs_,
                                             .start = nullptr,
                                             .end = ConvEnd::kAdd,
                                             .c = to + c * w_.plane() + x,
                                             .c_row = w_.plane(),
                                             .tail = count - (vectors - 1) * lanes_});
          });
        });
      });
    }
  }

  const DataGradientCall<T>& call_;
  const Windows& w_;
  const size_t channels_;  // of a group
  const size_t outputs_;   // of a group
  const size_t lanes_;
  const bool across_;  // channels across lanes
  size_t* at_;         // where in the planes of a group output o begins
  T* packed_;
  T* planes_;  // of dy
  size_t plane_;
  T* sums_;
};

void DataGradientFloat(const DataGradientCall<float>& call) { DataGradientRun<float>(call).Run(); }
void DataGradientDouble(const DataGradientCall<double>& call) {
  DataGradientRun<double>(call).Run();
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {
namespace {

HWY_EXPORT(DataGradientFloat);
HWY_EXPORT(DataGradientDouble);

void Dispatch(const DataGradientCall<float>& call) {
  HWY_DYNAMIC_DISPATCH(DataGradientFloat)(call);
}
void Dispatch(const DataGradientCall<double>& call) {
  HWY_DYNAMIC_DISPATCH(DataGradientDouble)(call);
}

}  // namespace

template <typename T>
size_t ConvDataGradientScratch(const ConvShape& shape) {
  return DataGradientIsDirect<T>(shape) ? DataGradientScratch<T>(shape).size
                                        : PatchNumbers<T>(shape.windows);
}

template <typename T>
void ConvDataGradient(const ConvShape& shape, ReadOnly<T> dy, ReadOnly<T> weights,
                      const std::type_identity_t<T>* bias, T* scratch, Matrix<T> dx) {
  if (!DataGradientIsDirect<T>(shape))
    return Im2colDataGradient<T>(shape, dy, weights, bias, scratch, dx);
  Dispatch(DataGradientCall<T>{shape, dy, weights, bias, scratch, dx});
}

template size_t ConvDataGradientScratch<float>(const ConvShape&);
template size_t ConvDataGradientScratch<double>(const ConvShape&);
template void ConvDataGradient<float>(const ConvShape&, Matrix<const float>, Matrix<const float>,
                                      const float*, float*, Matrix<float>);
template void ConvDataGradient<double>(const ConvShape&, Matrix<const double>, Matrix<const double>,
                                       const double*, double*, Matrix<double>);

}  // namespace nabla
#endif  // HWY_ONCE
