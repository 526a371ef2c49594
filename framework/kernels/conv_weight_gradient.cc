// The gradient of the weights: one chain over rows and positions each. What a window sees lies
// side by side, so that a tile takes it across its lanes, outputs down.
#include <algorithm>
#include <cstddef>
#include <new>

#include "framework/kernels/conv.h"
#include "framework/tensor/storage.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/conv_weight_gradient.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/conv_tile-inl.h"
#include "framework/kernels/transpose-inl.h"
#include "hwy/highway.h"
// clang-format on

// What all targets share is declared once, in whichever pass comes first.
#ifndef NABLA_FRAMEWORK_KERNELS_CONV_WEIGHT_GRADIENT_CC_SHARED_
#define NABLA_FRAMEWORK_KERNELS_CONV_WEIGHT_GRADIENT_CC_SHARED_
namespace nabla {
namespace {

// Positions that a tile takes at once, unless one line has more: what they see should stay in L1.
constexpr size_t kGradientPositions = 256;

// How a group's x lies in memory: (line, column, channel) with the padding, so that what a line of
// a window sees lies side by side; or `banded`, for each line of y (column, kernel row, channel),
// so that all that a window sees does. What lies side by side is called a run.
template <typename T>
struct SeenLayout {
  SeenLayout(const ConvShape& shape, bool in_bands, size_t lanes)
      : banded(in_bands),
        cols((shape.windows.out_w - 1) * shape.windows.stride_w + shape.windows.extent_w()),
        lines((shape.windows.out_h - 1) * shape.windows.stride_h + shape.windows.extent_h()),
        cell(shape.group_channels() * (banded ? shape.windows.kernel_h : 1)) {
    const Windows& w = shape.windows;
    // Dilated kernel columns do not lie side by side.
    run_cells = w.dilation_w == 1 ? w.kernel_w : 1;
    runs = w.kernel_w / run_cells * (banded ? 1 : w.kernel_h);
    run_width = (run_cells * cell + lanes - 1) / lanes * lanes;
    width = runs * run_width;
  }

  bool banded;
  size_t cols;   // of a padded line
  size_t lines;  // that windows see
  size_t cell;   // numbers of a column
  size_t run_cells;
  size_t runs;
  size_t run_width;  // in whole vectors
  size_t width;      // of what a window sees, in whole vectors
};

// Where things are in the scratch memory.
template <typename T>
struct WeightGradientScratch {
  explicit WeightGradientScratch(const ConvShape& shape) {
    constexpr size_t kLanes = kAlignment / sizeof(T);
    const Windows& w = shape.windows;
    const size_t most = std::max(kGradientPositions / w.out_w, size_t{1});
    chunk_lines = std::min(most, w.out_h);
    const SeenLayout<T> lines(shape, false, kLanes), bands(shape, true, kLanes);
    planes = PaddedStride<T>(chunk_lines * w.out_w * sizeof(size_t) / sizeof(T));
    // Planes that lie a power of two apart push each other out of the cache.
    copied = PaddedStride<T>(w.positions()) / kLanes % 8 == 0;
    plane = copied ? w.positions() + kLanes : w.positions();
    sums = planes + (copied ? PaddedStride<T>(shape.group_outputs() * plane) : 0);
    seen = sums + shape.group_outputs() * std::max(lines.width, bands.width);
    // Tiles read whole vectors.
    bands_begin = seen + PaddedStride<T>(lines.lines * lines.cols * lines.cell) + 2 * kLanes;
    size = bands_begin + PaddedStride<T>(chunk_lines * bands.cols * bands.cell) + 2 * kLanes;
  }

  size_t chunk_lines;  // of y that are taken at once
  bool copied;         // dy
  size_t plane;        // of dy
  size_t planes;       // after the offsets of what windows see
  size_t sums;
  size_t seen;
  size_t bands_begin;
  size_t size;
};

// Whether the direct way is faster than im2col's. After few positions the sums take longer to move
// than to compute.
template <typename T>
bool WeightGradientIsDirect(const ConvShape& shape) {
  constexpr size_t kLeastPositions = 12;
  if (shape.windows.positions() < kLeastPositions) return false;
  const WeightGradientScratch<T> scratch(shape);
  return !IsMostlyPadding<T>(shape, scratch.size - scratch.seen + scratch.sums);
}

template <typename T>
struct WeightGradientCall {
  const ConvShape& shape;
  Matrix<const T> x;
  Matrix<const T> dy;
  bool accumulate;
  T* scratch;
  Matrix<T> gradient;
};

}  // namespace
}  // namespace nabla
#endif

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

template <typename T>
class WeightGradientRun {
 public:
  explicit WeightGradientRun(const WeightGradientCall<T>& call)
      : call_(call),
        w_(call.shape.windows),
        channels_(call.shape.group_channels()),
        outputs_(call.shape.group_outputs()),
        lanes_(hn::Lanes(hn::ScalableTag<T>())),
        layout_(Layout()),
        scratch_(call.shape) {
    at_ = new (call.scratch) size_t[scratch_.chunk_lines * w_.out_w];
    size_t* at = at_;
    for (size_t line = 0; line < scratch_.chunk_lines; ++line) {
      for (size_t x = 0; x < w_.out_w; ++x) {
        *at++ = (line * LineStep() + x * w_.stride_w) * layout_.cell;
      }
    }
    planes_ = call.scratch + scratch_.planes;
    sums_ = call.scratch + scratch_.sums;
    seen_ = call.scratch + scratch_.seen;
    bands_ = call.scratch + scratch_.bands_begin;
    std::fill_n(seen_, scratch_.size - scratch_.seen, T{0});
  }

  void Run() {
    for (size_t g = 0; g < call_.shape.groups; ++g) {
      if (call_.accumulate) MoveSums(g, [](T& sum, T& gradient) { sum = gradient; });
      for (size_t r = 0; r < call_.x.rows; ++r) {
        See(call_.x.Row(r) + g * channels_ * w_.plane());
        AddRow(CopiedGradient(call_.dy.Row(r) + g * outputs_ * w_.positions()),
               call_.accumulate || r > 0);
      }
      MoveSums(g, [](T& sum, T& gradient) { gradient = sum; });
    }
  }

 private:
  SeenLayout<T> Layout() const {
    const SeenLayout<T> lines(call_.shape, false, lanes_), bands(call_.shape, true, lanes_);
    // Bands take time to write, so they must save some.
    return bands.width * 5 < lines.width * 4 ? bands : lines;
  }

  // Columns from what one line of y sees to what the next one sees.
  size_t LineStep() const { return layout_.banded ? layout_.cols : w_.stride_h * layout_.cols; }

  // Takes the group's planes x apart into cells of channels. The padding stays zero.
  void See(const T* x) {
    const size_t cols = std::min(w_.width, std::max(layout_.cols, w_.pad_w) - w_.pad_w);
    const size_t lines = std::min(w_.height, std::max(layout_.lines, w_.pad_h) - w_.pad_h);
    if (w_.pad_w == 0 && w_.pad_h == 0 && cols == w_.width && cols == layout_.cols) {
      return SeeColumns(x, lines * cols, seen_);
    }
    for (size_t y = 0; y < lines; ++y) {
      // Not if it lies between the windows.
      if ((y + w_.pad_h) % w_.stride_h >= w_.extent_h()) continue;
      SeeColumns(x + y * w_.width, cols,
                 seen_ + ((y + w_.pad_h) * layout_.cols + w_.pad_w) * channels_);
    }
  }
  void SeeColumns(const T* x, size_t cols, T* to) {
    if (channels_ == 1) return CopyLine(x, cols, to);
    TransposeBlock(x, w_.plane(), channels_, cols, to, channels_);
  }

  // The bands of lines [line, line + lines) of y.
  void SeeBands(size_t line, size_t lines) {
    for (size_t i = 0; i < lines; ++i) {
      for (size_t ky = 0; ky < w_.kernel_h; ++ky) {
        const size_t y = (line + i) * w_.stride_h + ky * w_.dilation_h;
        const T* from = seen_ + y * layout_.cols * channels_;
        T* to = bands_ + i * layout_.cols * layout_.cell + ky * channels_;
        for (size_t x = 0; x < layout_.cols; ++x, from += channels_, to += layout_.cell) {
          if (channels_ == 1) {
            *to = *from;
          } else {
            CopyLine(from, channels_, to);
          }
        }
      }
    }
  }

  const T* CopiedGradient(const T* dy) {
    if (!scratch_.copied) return dy;
    for (size_t o = 0; o < outputs_; ++o) {
      CopyLine(dy + o * w_.positions(), w_.positions(), planes_ + o * scratch_.plane);
    }
    return planes_;
  }

  // Adds what the planes dy of a group give with what the windows see.
  void AddRow(const T* dy, bool accumulate) {
    for (size_t line = 0; line < w_.out_h; line += scratch_.chunk_lines) {
      const size_t lines = std::min(scratch_.chunk_lines, w_.out_h - line);
      const T* seen = layout_.banded ? bands_ : seen_ + line * LineStep() * layout_.cell;
      if (layout_.banded) SeeBands(line, lines);
      for (size_t run = 0; run < layout_.runs; ++run) {
        AddRun(dy + line * w_.out_w, lines * w_.out_w, seen + RunBegin(run), accumulate || line > 0,
               sums_ + run * layout_.run_width);
      }
    }
  }

  // Where run `run` of a window begins.
  size_t RunBegin(size_t run) const {
    const size_t runs_a_line = w_.kernel_w / layout_.run_cells;
    return (run / runs_a_line * w_.dilation_h * layout_.cols + run % runs_a_line * w_.dilation_w) *
           layout_.cell;
  }

  void AddRun(const T* dy, size_t positions, const T* seen, bool accumulate, T* sums) {
    ForPanels(0, layout_.run_width, lanes_, [&](size_t n, size_t, size_t vectors) {
      ForEqualParts(outputs_, MostConvRows(vectors), [&](size_t o, size_t rows) {
        RunConvTile<T, ConvChannelTile>(rows, vectors,
                                        {.a = dy + o * scratch_.plane,
                                         .a_row = scratch_.plane,
                                         .a_col = 1,
                                         .b = seen + n,
                                         .at = at_,
                                         .depth = positions,
                                         .start = nullptr,
                                         .end = accumulate ? ConvEnd::kContinue : ConvEnd::kSet,
                                         .c = sums + o * layout_.width + n,
                                         .c_row = layout_.width,
                                         .tail = lanes_});
      });
    });
  }

  // Calls move(sum, number of the gradient) for all numbers of group g.
  template <typename F>
  void MoveSums(size_t g, F move) {
    const size_t elements = w_.kernel_size();
    for (size_t o = 0; o < outputs_; ++o) {
      T* gradient = call_.gradient.Row(g * outputs_ + o);
      for (size_t ky = 0; ky < w_.kernel_h; ++ky) {
        for (size_t kx = 0; kx < w_.kernel_w; ++kx) {
          T* sums = sums_ + o * layout_.width + SumOf(ky, kx);
          T* to = gradient + ky * w_.kernel_w + kx;
          for (size_t c = 0; c < channels_; ++c) move(sums[c], to[c * elements]);
        }
      }
    }
  }
  size_t SumOf(size_t ky, size_t kx) const {
    const size_t line = layout_.banded ? 0 : ky * (w_.kernel_w / layout_.run_cells);
    const size_t run = line + kx / layout_.run_cells;
    return run * layout_.run_width + kx % layout_.run_cells * layout_.cell +
           (layout_.banded ? ky * channels_ : 0);
  }

  const WeightGradientCall<T>& call_;
  const Windows& w_;
  const size_t channels_;  // of a group
  const size_t outputs_;   // of a group
  const size_t lanes_;
  const SeenLayout<T> layout_;
  const WeightGradientScratch<T> scratch_;
  size_t* at_;  // where what a position sees begins
  T* planes_;   // of dy
  T* sums_;     // (outputs, width)
  T* seen_;
  T* bands_;
};

void WeightGradientFloat(const WeightGradientCall<float>& call) {
  WeightGradientRun<float>(call).Run();
}
void WeightGradientDouble(const WeightGradientCall<double>& call) {
  WeightGradientRun<double>(call).Run();
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {
namespace {

HWY_EXPORT(WeightGradientFloat);
HWY_EXPORT(WeightGradientDouble);

void Dispatch(const WeightGradientCall<float>& call) {
  HWY_DYNAMIC_DISPATCH(WeightGradientFloat)(call);
}
void Dispatch(const WeightGradientCall<double>& call) {
  HWY_DYNAMIC_DISPATCH(WeightGradientDouble)(call);
}

}  // namespace

template <typename T>
size_t ConvWeightGradientScratch(const ConvShape& shape) {
  return WeightGradientIsDirect<T>(shape) ? WeightGradientScratch<T>(shape).size
                                          : PatchNumbers<T>(shape.windows);
}

template <typename T>
void ConvWeightGradient(const ConvShape& shape, ReadOnly<T> x, ReadOnly<T> dy, bool accumulate,
                        T* scratch, Matrix<T> gradient) {
  if (!WeightGradientIsDirect<T>(shape))
    return Im2colWeightGradient<T>(shape, x, dy, accumulate, scratch, gradient);
  Dispatch(WeightGradientCall<T>{shape, x, dy, accumulate, scratch, gradient});
}

template size_t ConvWeightGradientScratch<float>(const ConvShape&);
template size_t ConvWeightGradientScratch<double>(const ConvShape&);
template void ConvWeightGradient<float>(const ConvShape&, Matrix<const float>, Matrix<const float>,
                                        bool, float*, Matrix<float>);
template void ConvWeightGradient<double>(const ConvShape&, Matrix<const double>,
                                         Matrix<const double>, bool, double*, Matrix<double>);

}  // namespace nabla
#endif  // HWY_ONCE
