// Tiles of sums in registers, for convolutions; for code that is compiled once for every SIMD
// target.

#if defined(NABLA_FRAMEWORK_KERNELS_CONV_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_KERNELS_CONV_TILE_INL_H_
#undef NABLA_FRAMEWORK_KERNELS_CONV_TILE_INL_H_
#else
#define NABLA_FRAMEWORK_KERNELS_CONV_TILE_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <utility>

#include "framework/kernels/part-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// As in gemm.cc, a tile of rows x 2 vectors fills 24 of 32 registers, or 12 of 16.
#if HWY_TARGET == HWY_AVX2
constexpr int kConvRows = 6;
#else
constexpr int kConvRows = 12;
#endif
// With one vector a row, there are enough chains to hide the latency from 12 on.
constexpr int kConvTallRows = 12;

// How a tile begins and ends.
enum class ConvEnd {
  kSet,       // c = the chain that starts at `start`
  kAdd,       // c += the chain that starts at 0
  kContinue,  // c = the chain that starts at c
};

// c[r][n] from the chain over k of a[at[k] + r] * b[k * width + n], width = vectors * lanes. Start
// (width), or null for zeros.
template <typename T>
struct ConvPositionTile {
  const T* a;
  const size_t* at;
  const T* b;
  size_t depth;
  const T* start;
  ConvEnd end;
  T* c;
  size_t c_row;
};

// c[r][n] from the chain over k of a[r * a_row + k * a_col] * b[at[k] + n]. Start: one number for
// every row, or null for zeros. All of a vector is read at b, but at c only `tail` numbers of the
// last one are touched.
template <typename T>
struct ConvChannelTile {
  const T* a;
  size_t a_row;
  size_t a_col;
  const T* b;
  const size_t* at;
  size_t depth;
  const T* start;
  ConvEnd end;
  T* c;
  size_t c_row;
  size_t tail;
};

template <typename T, int kRows, int kVectors>
HWY_NOINLINE void RunConvPositionTile(const ConvPositionTile<T>& tile) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const size_t lanes = hn::Lanes(d);
  V sum[kRows][kVectors];
  HWY_UNROLL(2)
  for (int v = 0; v < kVectors; ++v) {
    const V start = tile.start == nullptr ? hn::Zero(d) : hn::LoadU(d, tile.start + v * lanes);
    HWY_UNROLL(12)
    for (int r = 0; r < kRows; ++r) sum[r][v] = start;
  }
  const T* a = tile.a;
  const size_t* at = tile.at;
  const T* b = tile.b;
  for (size_t k = tile.depth; k > 0; --k) {
    V b_k[kVectors];
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) b_k[v] = hn::LoadU(d, b + v * lanes);
    const T* a_k = a + *at;
    HWY_UNROLL(12)
    for (int r = 0; r < kRows; ++r) {
      const V a_rk = hn::Set(d, a_k[r]);
      HWY_UNROLL(2)
      for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(a_rk, b_k[v], sum[r][v]);
    }
    b += kVectors * lanes;
    ++at;
  }
  T* c = tile.c;
  const size_t c_row = tile.c_row;
  const bool add = tile.end == ConvEnd::kAdd;
  HWY_UNROLL(12)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) {
      T* to = c + r * c_row + v * lanes;
      hn::StoreU(add ? hn::Add(hn::LoadU(d, to), sum[r][v]) : sum[r][v], d, to);
    }
  }
}

template <typename T, int kRows, int kVectors>
HWY_NOINLINE void RunConvChannelTile(const ConvChannelTile<T>& tile) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const size_t lanes = hn::Lanes(d);
  const Part last(d, tile.tail);
  const size_t c_row = tile.c_row;
  const auto load = [&](const T* from, int v) HWY_ATTR {
    return v == kVectors - 1 ? last.Load(from) : hn::LoadU(d, from);
  };
  V sum[kRows][kVectors];
  HWY_UNROLL(12)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) {
      if (tile.end == ConvEnd::kContinue) {
        sum[r][v] = load(tile.c + r * c_row + v * lanes, v);
      } else {
        sum[r][v] = tile.start == nullptr ? hn::Zero(d) : hn::Set(d, tile.start[r]);
      }
    }
  }
  // One pointer for three rows: with one for each row the compiler runs out of registers.
  constexpr int kPointers = (kRows + 2) / 3;
  const size_t a_row = tile.a_row;
  const size_t a_col = tile.a_col;
  const T* rows[kPointers];
  HWY_UNROLL(4)
  // 3 * p is below kRows; written in other ways this costs a register.
  // NOLINTNEXTLINE(bugprone-implicit-widening-of-multiplication-result)
  for (int p = 0; p < kPointers; ++p) rows[p] = tile.a + 3 * p * a_row;
  const T* b = tile.b;
  const size_t* at = tile.at;
  const size_t* end = at + tile.depth;
  for (; at != end; ++at) {
    const T* from = b + *at;
    V b_k[kVectors];
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) b_k[v] = hn::LoadU(d, from + v * lanes);
    HWY_UNROLL(12)
    for (int r = 0; r < kRows; ++r) {
      const V a_rk = hn::Set(d, rows[r / 3][(r % 3) * a_row]);
      HWY_UNROLL(2)
      for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(a_rk, b_k[v], sum[r][v]);
    }
    HWY_UNROLL(4)
    for (int p = 0; p < kPointers; ++p) rows[p] += a_col;
  }
  T* c = tile.c;
  const bool add = tile.end == ConvEnd::kAdd;
  HWY_UNROLL(12)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) {
      T* to = c + r * c_row + v * lanes;
      const V value = add ? hn::Add(load(to, v), sum[r][v]) : sum[r][v];
      if (v == kVectors - 1) {
        last.Store(value, to);
      } else {
        hn::StoreU(value, d, to);
      }
    }
  }
}

template <typename T, int kVectors, int... kRow>
void RunTileOf(size_t rows, const ConvPositionTile<T>& tile, std::integer_sequence<int, kRow...>) {
  static constexpr void (*kTable[])(const ConvPositionTile<T>&) = {
      &RunConvPositionTile<T, kRow + 1, kVectors>...};
  kTable[rows - 1](tile);
}
template <typename T, int kVectors, int... kRow>
void RunTileOf(size_t rows, const ConvChannelTile<T>& tile, std::integer_sequence<int, kRow...>) {
  static constexpr void (*kTable[])(const ConvChannelTile<T>&) = {
      &RunConvChannelTile<T, kRow + 1, kVectors>...};
  kTable[rows - 1](tile);
}

// The most rows of a tile.
inline size_t MostConvRows(size_t vectors) { return vectors == 1 ? kConvTallRows : kConvRows; }

// Runs a tile of 1 to MostConvRows rows and 1 or 2 vectors.
template <typename T, template <typename> class Tile>
void RunConvTile(size_t rows, size_t vectors, const Tile<T>& tile) {
  if (vectors == 1) {
    RunTileOf<T, 1>(rows, tile, std::make_integer_sequence<int, kConvTallRows>());
  } else {
    RunTileOf<T, 2>(rows, tile, std::make_integer_sequence<int, kConvRows>());
  }
}

// They take long to compile: conv_forward.cc has them for all.
extern template void RunConvTile(size_t, size_t, const ConvPositionTile<float>&);
extern template void RunConvTile(size_t, size_t, const ConvPositionTile<double>&);
extern template void RunConvTile(size_t, size_t, const ConvChannelTile<float>&);
extern template void RunConvTile(size_t, size_t, const ConvChannelTile<double>&);

// Calls f(begin, count) for parts of [0, n) of nearly equal size, at most `most`: a short last tile
// would have too few chains to hide the latency.
template <typename F>
HWY_INLINE void ForEqualParts(size_t n, size_t most, F f) {
  size_t parts = (n + most - 1) / most;
  for (size_t begin = 0; begin < n; --parts) {
    const size_t count = (n - begin + parts - 1) / parts;
    f(begin, count);
    begin += count;
  }
}

// n rounded up to whole vectors.
inline size_t WholeVectors(size_t n, size_t lanes) { return (n + lanes - 1) / lanes * lanes; }

// Calls f(first, count, vectors) for panels of up to two vectors that cover [begin, end).
template <typename F>
HWY_INLINE void ForPanels(size_t begin, size_t end, size_t lanes, F f) {
  for (size_t first = begin; first < end; first += 2 * lanes) {
    const size_t count = std::min(2 * lanes, end - first);
    f(first, count, count > lanes ? size_t{2} : size_t{1});
  }
}

// to[0, n) = from[0, n), inlined, since lines are short.
template <typename T>
HWY_INLINE void CopyLine(const T* from, size_t n, T* to) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::LoadU(d, from + i), d, to + i);
  if (i < n) {
    const Part rest(d, n - i);
    rest.Store(rest.Load(from + i), to + i);
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_KERNELS_CONV_TILE_INL_H_
