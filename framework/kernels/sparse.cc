#include "framework/kernels/sparse.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <bit>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/sparse.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/part-inl.h"
#include "hwy/highway.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The most vectors of a row's sums that stay in registers at a time.
constexpr int kMostVectors = 8;
// Forward: a segment's rows of w stay in the first-level cache, together with the sums of a group
// of rows of x, while that group passes by.
constexpr size_t kForwardRows = 24;
constexpr size_t kLine = 64;  // bytes of a line of the caches
// Gradient: rows of dy that stay in that cache; each has one bit in a mask.
constexpr size_t kGradientRows = 64;
constexpr size_t kNarrow = 48;         // fewer outputs have ways of their own
constexpr size_t kNarrowSegments = 6;  // of their gradient: 24 KiB of vectors of 64 bytes

// Shuffled rows lie anywhere in memory, where no processor looks ahead by itself. These ask for
// what says where the bytes of rows [begin, end) are, and for those bytes. Inline, since GCC takes
// a function that only prefetches for one without effect and drops the call.
template <typename T>
HWY_INLINE void PrefetchStarts(const SparseRows<T>& x, size_t begin, size_t end) {
  const size_t segments = x.data->segments;
  for (size_t r = begin; r < end; ++r) {
    const size_t at = x.order[r] * segments;
    for (size_t s = 0; s < segments; s += kLine / sizeof(uint64_t)) {
      hwy::Prefetch(x.data->masks.data() + at + s);
    }
    for (size_t s = 0; s <= segments; s += kLine / sizeof(uint32_t)) {
      hwy::Prefetch(x.data->starts.data() + at + s);
    }
  }
}

template <typename T>
HWY_INLINE void PrefetchBytes(const SparseRows<T>& x, size_t begin, size_t end, bool columns) {
  for (size_t r = begin; r < end; ++r) {
    const uint32_t* starts = x.data->starts.data() + x.order[r] * x.data->segments;
    const size_t last = starts[x.data->segments];
    for (size_t i = starts[0]; i < last; i += kLine) hwy::Prefetch(x.data->values.data() + i);
    for (size_t i = starts[0]; columns && i < last; i += kLine / sizeof(uint16_t)) {
      hwy::Prefetch(x.data->columns.data() + i);
    }
  }
}

// kVectors vectors of columns; of the last one only `tail` lanes where kMasked.
template <typename T, int kVectors, bool kMasked>
struct Panel {
  using D = hn::ScalableTag<T>;
  using V = hn::Vec<D>;

  explicit HWY_INLINE Panel(size_t tail) : last(D(), tail) {}

  HWY_INLINE V Load(const T* from, int v) const {
    from += static_cast<size_t>(v) * hn::Lanes(D());
    return kMasked && v == kVectors - 1 ? last.Load(from) : hn::LoadU(D(), from);
  }
  HWY_INLINE V LoadOr0(const T* from, int v) const {
    return from == nullptr ? hn::Zero(D()) : Load(from, v);
  }
  HWY_INLINE void Store(V value, T* to, int v) const {
    to += static_cast<size_t>(v) * hn::Lanes(D());
    if (kMasked && v == kVectors - 1) {
      last.Store(value, to);
    } else {
      hn::StoreU(value, D(), to);
    }
  }

  Part<D> last;
};

// Continues the chains of rows [r0, r1) of y with the columns of x in one segment.
template <typename T, int kVectors, bool kMasked>
HWY_NOINLINE void ForwardGroup(const SparseRows<T>& x, size_t r0, size_t r1, size_t segment,
                               const T* w, size_t w_stride, const T* bias, Matrix<T> y,
                               size_t tail) {
  const hn::ScalableTag<T> d;
  const Panel<T, kVectors, kMasked> panel(tail);
  const T* table = x.table;
  w += segment * SparseBytes::kSegment * w_stride;
  for (size_t r = r0; r < r1; ++r) {
    const size_t at = x.order[r] * x.data->segments + segment;
    uint64_t mask = x.data->masks[at];
    const uint8_t* value = x.data->values.data() + x.data->starts[at];
    if (mask == 0 && segment > 0) continue;
    T* y_r = y.Row(r);
    hn::Vec<decltype(d)> sum[kVectors];
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) sum[v] = panel.LoadOr0(segment > 0 ? y_r : bias, v);
    for (; mask != 0; mask &= mask - 1) {
      const auto x_k = hn::Set(d, table[*value++]);
      const T* w_k = w + static_cast<size_t>(std::countr_zero(mask)) * w_stride;
      HWY_UNROLL(8)
      for (int v = 0; v < kVectors; ++v) sum[v] = hn::MulAdd(x_k, panel.Load(w_k, v), sum[v]);
    }
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) panel.Store(sum[v], y_r, v);
  }
}

template <typename T, int kVectors, bool kMasked>
void ForwardPanel(const SparseRows<T>& x, const T* w, size_t w_stride, const T* bias, Matrix<T> y,
                  size_t tail) {
  for (size_t r = 0; r < x.rows; r += kForwardRows) {
    const size_t r1 = std::min(x.rows, r + kForwardRows);
    PrefetchStarts(x, r, r1);
    PrefetchBytes(x, r, r1, false);
    for (size_t s = 0; s < x.data->segments; ++s) {
      ForwardGroup<T, kVectors, kMasked>(x, r, r1, s, w, w_stride, bias, y, tail);
    }
  }
}

// Up to 64 rows of one segment, by columns: then a gradient's sums stay in registers.
struct Columns {
  uint64_t by_row[kGradientRows];     // bit k: column k of the segment
  uint64_t by_column[kGradientRows];  // bit r: row r
  const uint8_t* values[kGradientRows];
};

// Transposes a 64 x 64 matrix of bits: swaps blocks of 32, 16, ... 1.
void TransposeBits(const uint64_t* in, uint64_t* out) {
  std::memcpy(out, in, 64 * sizeof(uint64_t));
  uint64_t mask = 0x00000000FFFFFFFF;
  for (size_t width = 32; width > 0; width /= 2, mask ^= mask << width) {
    for (size_t block = 0; block < 64; block += 2 * width) {
      for (size_t r = block; r < block + width; ++r) {
        const uint64_t moved = ((out[r] >> width) ^ out[r + width]) & mask;
        out[r] ^= moved << width;
        out[r + width] ^= moved;
      }
    }
  }
}

template <typename T>
void FindColumns(const SparseRows<T>& x, size_t r0, size_t count, size_t segment,
                 Columns* columns) {
  for (size_t r = 0; r < kGradientRows; ++r) {
    if (r >= count) {
      columns->by_row[r] = 0;
      continue;
    }
    const size_t at = x.order[r0 + r] * x.data->segments + segment;
    columns->by_row[r] = x.data->masks[at];
    columns->values[r] = x.data->values.data() + x.data->starts[at];
  }
  TransposeBits(columns->by_row, columns->by_column);
}

// Continues the chains of `count` rows of the gradient with some rows of dy.
template <typename T, int kVectors, bool kMasked>
HWY_NOINLINE void GradientGroup(const Columns& columns, const T* table, const T* dy,
                                size_t dy_stride, size_t count, T* gradient, size_t stride,
                                bool accumulate, size_t tail) {
  const hn::ScalableTag<T> d;
  const Panel<T, kVectors, kMasked> panel(tail);
  for (size_t k = 0; k < count; ++k) {
    T* to = gradient + k * stride;
    uint64_t rows = columns.by_column[k];
    if (accumulate && rows == 0) continue;
    const uint64_t below = (uint64_t{1} << k) - 1;
    hn::Vec<decltype(d)> sum[kVectors];
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) sum[v] = accumulate ? panel.Load(to, v) : hn::Zero(d);
    for (; rows != 0; rows &= rows - 1) {
      const auto r = static_cast<size_t>(std::countr_zero(rows));
      const int place = std::popcount(columns.by_row[r] & below);
      const auto x_k = hn::Set(d, table[columns.values[r][place]]);
      const T* dy_r = dy + r * dy_stride;
      HWY_UNROLL(8)
      for (int v = 0; v < kVectors; ++v) sum[v] = hn::MulAdd(x_k, panel.Load(dy_r, v), sum[v]);
    }
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) panel.Store(sum[v], to, v);
  }
}

// The nonzero bytes of one row in segments [first, last).
struct Filled {
  const uint8_t* values;
  const uint16_t* columns;
  size_t count;
};

template <typename T>
HWY_INLINE Filled FilledOf(const SparseRows<T>& x, size_t r, size_t first, size_t last) {
  const uint32_t* starts = x.data->starts.data() + x.order[r] * x.data->segments;
  return {x.data->values.data() + starts[first], x.data->columns.data() + starts[first],
          starts[last] - starts[first]};
}

// With few outputs all sums of a row fit into registers. A chain waits for each of its terms, so
// kRows rows go side by side. The rows of w in segments [first, last) stay in the first-level
// cache.
template <typename T, int kVectors, bool kMasked>
HWY_NOINLINE void ForwardNarrow(const SparseRows<T>& x, const T* w, size_t w_stride, const T* bias,
                                Matrix<T> y, size_t tail) {
  constexpr int kRows = kVectors <= 3 ? 4 : 2;
  const hn::ScalableTag<T> d;
  const Panel<T, kVectors, kMasked> panel(tail);
  const T* table = x.table;
  hn::Vec<decltype(d)> sum[kRows][kVectors];
  const auto add = [&](int q, const Filled& row, size_t i) HWY_ATTR {
    const auto x_k = hn::Set(d, table[row.values[i]]);
    const T* w_k = w + row.columns[i] * w_stride;
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) sum[q][v] = hn::MulAdd(x_k, panel.Load(w_k, v), sum[q][v]);
  };
  for (size_t r = 0; r < x.rows; r += kRows) {
    if (r % kForwardRows == 0) PrefetchStarts(x, r, std::min(x.rows, r + kForwardRows));
    PrefetchBytes(x, std::min(x.rows, r + kRows), std::min(x.rows, r + 2 * kRows), true);
    Filled rows[kRows];
    size_t common = ~size_t{0};
    HWY_UNROLL(4)
    for (int q = 0; q < kRows; ++q) {
      rows[q] = r + q < x.rows ? FilledOf(x, r + q, 0, x.data->segments) : Filled{};
      common = std::min(common, rows[q].count);
      HWY_UNROLL(8)
      for (int v = 0; v < kVectors; ++v) sum[q][v] = panel.LoadOr0(bias, v);
    }
    for (size_t i = 0; i < common; ++i) {
      HWY_UNROLL(4)
      for (int q = 0; q < kRows; ++q) add(q, rows[q], i);
    }
    HWY_UNROLL(4)
    for (int q = 0; q < kRows; ++q) {
      for (size_t i = common; i < rows[q].count; ++i) add(q, rows[q], i);
      if (r + q == x.rows) return;
      HWY_UNROLL(8)
      for (int v = 0; v < kVectors; ++v) panel.Store(sum[q][v], y.Row(r + q), v);
    }
  }
}

// Rows of the gradient that are found at a time: whole segments.
constexpr size_t NarrowRows(size_t vectors) {
  return std::max<size_t>(1, kNarrowSegments / vectors) * SparseBytes::kSegment;
}

// Some segments of the gradient, from `first` on: every row of dy is added where its row of x is
// filled. Whole vectors in memory of its own are faster than parts of them in place.
template <typename T, int kVectors, bool kMasked>
HWY_NOINLINE void GradientNarrow(const SparseRows<T>& x, const T* dy, size_t dy_stride,
                                 size_t first, Matrix<T> gradient, bool accumulate, size_t tail) {
  const hn::ScalableTag<T> d;
  const Panel<T, kVectors, kMasked> panel(tail);
  const Panel<T, kVectors, false> whole(0);
  const size_t width = kVectors * hn::Lanes(d);
  const T* table = x.table;
  HWY_ALIGN T sums[NarrowRows(kVectors) * kVectors * hn::MaxLanes(d)];
  for (size_t k = 0; k < gradient.rows; ++k) {
    for (int v = 0; v < kVectors; ++v) {
      whole.Store(panel.LoadOr0(accumulate ? gradient.Row(k) : nullptr, v), sums + k * width, v);
    }
  }
  const size_t last = first + (gradient.rows + SparseBytes::kSegment - 1) / SparseBytes::kSegment;
  for (size_t r = 0; r < x.rows; ++r, dy += dy_stride) {
    const Filled row = FilledOf(x, r, first, last);
    hn::Vec<decltype(d)> dy_r[kVectors];
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) dy_r[v] = panel.Load(dy, v);
    for (size_t i = 0; i < row.count; ++i) {
      const auto x_k = hn::Set(d, table[row.values[i]]);
      T* to = sums + (row.columns[i] - first * SparseBytes::kSegment) * width;
      HWY_UNROLL(8)
      for (int v = 0; v < kVectors; ++v) {
        whole.Store(hn::MulAdd(x_k, dy_r[v], whole.Load(to, v)), to, v);
      }
    }
  }
  for (size_t k = 0; k < gradient.rows; ++k) {
    for (int v = 0; v < kVectors; ++v) {
      panel.Store(whole.Load(sums + k * width, v), gradient.Row(k), v);
    }
  }
}

// Calls f with a number of vectors known at compile time.
template <int kVectors = kMostVectors, typename F>
HWY_INLINE void WithVectors(size_t vectors, F f) {
  if constexpr (kVectors > 1) {
    if (vectors < kVectors) return WithVectors<kVectors - 1>(vectors, f);
  }
  f(std::integral_constant<int, kVectors>());
}

// Calls f(first column, vectors, whether masked, lanes of the last vector) for panels of columns.
template <typename T, typename F>
HWY_INLINE void ForPanels(size_t cols, F f) {
  const size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  const size_t widest = kMostVectors * lanes;
  // Panels of equal width, so that the last one is not a sliver.
  const size_t panels = (cols + widest - 1) / widest;
  const size_t vectors = (cols + lanes - 1) / lanes;
  size_t done = 0;
  for (size_t p = 0; p < panels; ++p) {
    const size_t upto = vectors * (p + 1) / panels;
    const size_t tail = std::min(cols, upto * lanes) - (upto - 1) * lanes;
    WithVectors(upto - done, [&](auto count) {
      if (tail == lanes) {
        f(done * lanes, count, std::false_type(), tail);
      } else {
        f(done * lanes, count, std::true_type(), tail);
      }
    });
    done = upto;
  }
}

template <typename T>
void ForwardT(const SparseRows<T>& x, Matrix<const T> w, const T* bias, Matrix<T> y) {
  ForPanels<T>(y.cols, [&](size_t col, auto vectors, auto masked, size_t tail) {
    const auto forward =
        y.cols < kNarrow ? ForwardNarrow<T, vectors, masked> : ForwardPanel<T, vectors, masked>;
    forward(x, w.data + col, w.stride, bias == nullptr ? nullptr : bias + col, y.Cols(col, y.cols),
            tail);
  });
}

template <typename T>
void GradientT(const SparseRows<T>& x, Matrix<const T> dy, size_t begin, Matrix<T> gradient,
               bool accumulate) {
  const size_t first = begin / SparseBytes::kSegment;
  if (gradient.cols < kNarrow) {
    return ForPanels<T>(gradient.cols, [&](size_t col, auto vectors, auto masked, size_t tail) {
      constexpr size_t kStep = NarrowRows(vectors);
      for (size_t k = 0; k < gradient.rows; k += kStep) {
        GradientNarrow<T, vectors, masked>(
            x, dy.data + col, dy.stride, first + k / SparseBytes::kSegment,
            gradient.Rows(k, std::min(gradient.rows, k + kStep)).Cols(col, gradient.cols),
            accumulate, tail);
      }
    });
  }
  for (size_t k = 0; k < gradient.rows; k += SparseBytes::kSegment) {
    Columns columns;
    const size_t count = std::min(SparseBytes::kSegment, gradient.rows - k);
    // Even without rows the gradient must be cleared.
    for (size_t r = 0; r < x.rows || r == 0; r += kGradientRows) {
      FindColumns(x, r, std::min(kGradientRows, x.rows - r), first + k / SparseBytes::kSegment,
                  &columns);
      ForPanels<T>(gradient.cols, [&](size_t col, auto vectors, auto masked, size_t tail) {
        GradientGroup<T, vectors, masked>(columns, x.table, dy.data + r * dy.stride + col,
                                          dy.stride, count, gradient.Row(k) + col, gradient.stride,
                                          accumulate || r > 0, tail);
      });
    }
  }
}

void ForwardFloat(const SparseRows<float>& x, Matrix<const float> w, const float* bias,
                  Matrix<float> y) {
  ForwardT(x, w, bias, y);
}
void ForwardDouble(const SparseRows<double>& x, Matrix<const double> w, const double* bias,
                   Matrix<double> y) {
  ForwardT(x, w, bias, y);
}
void GradientFloat(const SparseRows<float>& x, Matrix<const float> dy, size_t begin,
                   Matrix<float> gradient, bool accumulate) {
  GradientT(x, dy, begin, gradient, accumulate);
}
void GradientDouble(const SparseRows<double>& x, Matrix<const double> dy, size_t begin,
                    Matrix<double> gradient, bool accumulate) {
  GradientT(x, dy, begin, gradient, accumulate);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {

HWY_EXPORT(ForwardFloat);
HWY_EXPORT(ForwardDouble);
HWY_EXPORT(GradientFloat);
HWY_EXPORT(GradientDouble);

template <>
void SparseForward(const SparseRows<float>& x, Matrix<const float> w, const float* bias,
                   Matrix<float> y) {
  HWY_DYNAMIC_DISPATCH(ForwardFloat)(x, w, bias, y);
}
template <>
void SparseForward(const SparseRows<double>& x, Matrix<const double> w, const double* bias,
                   Matrix<double> y) {
  HWY_DYNAMIC_DISPATCH(ForwardDouble)(x, w, bias, y);
}
template <>
void SparseGradient(const SparseRows<float>& x, Matrix<const float> dy, size_t begin,
                    Matrix<float> gradient, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(GradientFloat)(x, dy, begin, gradient, accumulate);
}
template <>
void SparseGradient(const SparseRows<double>& x, Matrix<const double> dy, size_t begin,
                    Matrix<double> gradient, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(GradientDouble)(x, dy, begin, gradient, accumulate);
}

}  // namespace nabla
#endif
