#include "framework/kernels/gemm.h"

#include <algorithm>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "framework/kernels/gemm.cc"
// foreach_target.h must come before what it includes once for every target.
// clang-format off
#include "hwy/foreach_target.h"
#include "framework/kernels/part-inl.h"
#include "framework/kernels/transpose-inl.h"
#include "hwy/highway.h"
// clang-format on

// What all targets share is declared once, in whichever pass comes first.
#ifndef NABLA_FRAMEWORK_KERNELS_GEMM_CC_SHARED_
#define NABLA_FRAMEWORK_KERNELS_GEMM_CC_SHARED_
namespace nabla {
namespace {

// c = chains over a and b that begin at start (row stride start_stride; null: zeros). b is (N x K)
// if b_transposed, else (K x N).
template <typename T>
struct Product {
  Strided<T> a;
  Matrix<const T> b;
  bool b_transposed;
  const T* start;
  size_t start_stride;
  Matrix<T> c;
};

// Chains are cut into stretches of 256 steps: then a panel of B (128 bytes wide) fills two thirds
// of a 48 KB L1 and serves all rows of A from there.
constexpr size_t kBlockDepth = 256;
// Copying B into panels pays only where it is larger than L2 and many rows share the cost.
constexpr size_t kPackBytes = 2 << 20;
constexpr size_t kPackRows = 192;
// A packed block of B stays in L2 while all rows of A pass by.
constexpr size_t kBlockBytes = 512 << 10;
constexpr size_t kMaxTileRows = 12;

// Per-thread scratch, used only by products that pack.
alignas(64) thread_local char packed_b[kBlockBytes];
alignas(64) thread_local char packed_a[kBlockDepth * kMaxTileRows * sizeof(double)];

}  // namespace
}  // namespace nabla
#endif

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {
namespace {

// A tile of kTileRows x kTileVectors sums fills the registers: 24 of 32 (AVX-512 and NEON), or 12
// of 16.
#if HWY_TARGET == HWY_AVX2
constexpr int kTileRows = 6;
#else
constexpr int kTileRows = 12;
#endif
constexpr int kTileVectors = 2;
static_assert(kTileRows <= kMaxTileRows);

// A tile of C: kRows rows, kVectors vectors; of the last vector only `tail` lanes if kMasked.
// a points to the tile's first row, b, start and c to its first column.
template <typename T, int kRows, int kVectors, bool kMasked>
HWY_NOINLINE void Tile(const T* a, size_t a_row, size_t a_col, const T* b, size_t b_row,
                       size_t depth, const T* start, size_t start_row, T* c, size_t c_row,
                       size_t tail) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  const size_t lanes = hn::Lanes(d);
  const Part last(d, tail);
  const auto load = [&](const T* from, int v) HWY_ATTR {
    from += v * lanes;
    return kMasked && v == kVectors - 1 ? last.Load(from) : hn::LoadU(d, from);
  };

  V sum[kRows][kVectors];
  HWY_UNROLL(24)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) {
      sum[r][v] = start == nullptr ? hn::Zero(d) : load(start + r * start_row, v);
    }
  }

  // One pointer for three rows: with one for each row the compiler runs out of registers.
  constexpr int kPointers = (kRows + 2) / 3;
  const T* rows[kPointers];
  HWY_UNROLL(8)
  // 3 * p is below kRows; written in other ways this costs a register.
  // NOLINTNEXTLINE(bugprone-implicit-widening-of-multiplication-result)
  for (int p = 0; p < kPointers; ++p) rows[p] = a + 3 * p * a_row;

  for (size_t k = 0; k < depth; ++k) {
    V b_k[kVectors];
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) b_k[v] = load(b, v);
    HWY_UNROLL(24)
    for (int r = 0; r < kRows; ++r) {
      const V a_rk = hn::Set(d, rows[r / 3][(r % 3) * a_row]);
      HWY_UNROLL(2)
      for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(a_rk, b_k[v], sum[r][v]);
    }
    b += b_row;
    HWY_UNROLL(8)
    for (int p = 0; p < kPointers; ++p) rows[p] += a_col;
  }

  HWY_UNROLL(24)
  for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) {
      T* to = c + r * c_row + v * lanes;
      if (kMasked && v == kVectors - 1) {
        last.Store(sum[r][v], to);
      } else {
        hn::StoreU(sum[r][v], d, to);
      }
    }
  }
}

template <typename T>
using TileFunction = decltype(&Tile<T, 1, 1, false>);

// The tiles of 1, 2, ... rows.
template <typename T, int kVectors, bool kMasked, int... kRow>
const TileFunction<T>* TilesOf(std::integer_sequence<int, kRow...>) {
  static constexpr TileFunction<T> kTable[] = {&Tile<T, kRow + 1, kVectors, kMasked>...};
  return kTable;
}

template <typename T>
TileFunction<T> ChooseTile(size_t rows, size_t vectors, bool masked) {
  using Short = std::make_integer_sequence<int, kTileRows>;
  using Tall = std::make_integer_sequence<int, 2 * kTileRows>;
  const TileFunction<T>* table;
  if (vectors == 1) {
    table = masked ? TilesOf<T, 1, true>(Tall()) : TilesOf<T, 1, false>(Tall());
  } else {
    table = masked ? TilesOf<T, 2, true>(Short()) : TilesOf<T, 2, false>(Short());
  }
  return table[rows - 1];
}

// Copies b (depth x cols) into panels of two vectors: panel, k, column.
template <typename T>
void PackB(Matrix<const T> b, T* to) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  const size_t panel = kTileVectors * lanes;
  for (size_t k = 0; k < b.rows; ++k) {
    const T* from = b.Row(k);
    T* row = to + k * panel;
    size_t n = 0;
    for (; n + panel <= b.cols; n += panel, row += b.rows * panel) {
      hn::Store(hn::LoadU(d, from + n), d, row);
      hn::Store(hn::LoadU(d, from + n + lanes), d, row + lanes);
    }
    for (; n < b.cols; n += lanes, row += lanes) {
      hn::Store(Part(d, std::min(lanes, b.cols - n)).Load(from + n), d, row);
    }
  }
}

// The same from b (cols x depth).
template <typename T>
void PackTransposedB(Matrix<const T> b, T* to) {
  const size_t panel = kTileVectors * hn::Lanes(hn::ScalableTag<T>());
  for (size_t n = 0; n < b.rows; n += panel, to += panel * b.cols) {
    TransposeBlock(b.Row(n), b.stride, std::min(panel, b.rows - n), b.cols, to, panel);
  }
}

// Copies a tile of a transposed A: k, row.
template <typename T>
void PackA(const T* a, size_t a_col, size_t rows, size_t depth, T* to) {
  for (size_t k = 0; k < depth; ++k, a += a_col, to += rows) {
    for (size_t r = 0; r < rows; ++r) to[r] = a[r];
  }
}

// The part of a product with k in [k, k + depth) and columns [n, n + cols), tile by tile. b_k is
// the first element of B's part, whose panel p starts at b_k + p * b_panel.
template <typename T>
void MultiplyBlock(const Product<T>& product, size_t k, size_t depth, size_t n, size_t cols,
                   const T* b_k, size_t b_row, size_t b_panel, bool pack_a) {
  const size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  const size_t panel = kTileVectors * lanes;
  // Later blocks continue the chains where the first one left them.
  const T* start = k == 0 ? product.start : product.c.data;
  const size_t start_row = k == 0 ? product.start_stride : product.c.stride;
  const size_t most = cols <= lanes && !pack_a ? 2 * kTileRows : kTileRows;
  size_t tiles = (product.c.rows + most - 1) / most;
  for (size_t r = 0; r < product.c.rows; --tiles) {
    // Tiles of equal height: a short last one has too few chains to hide the latency.
    const size_t rows = (product.c.rows - r + tiles - 1) / tiles;
    const T* a = product.a.data + r * product.a.row_stride + k * product.a.col_stride;
    size_t a_row = product.a.row_stride;
    size_t a_col = product.a.col_stride;
    if (pack_a) {
      T* to = reinterpret_cast<T*>(packed_a);
      PackA(a, a_col, rows, depth, to);
      a = to;
      a_col = rows;
    }
    const T* b = b_k;
    for (size_t i = 0; i < cols; i += panel, b += b_panel) {
      const size_t width = std::min(panel, cols - i);
      const size_t vectors = (width + lanes - 1) / lanes;
      const size_t tail = width - (vectors - 1) * lanes;
      ChooseTile<T>(rows, vectors, tail != lanes)(
          a, a_row, a_col, b, b_row, depth,
          start == nullptr ? nullptr : start + r * start_row + n + i, start_row,
          product.c.Row(r) + n + i, product.c.stride, tail);
    }
    r += rows;
  }
}

template <typename T>
void MultiplyPacked(const Product<T>& product) {
  const size_t panel = kTileVectors * hn::Lanes(hn::ScalableTag<T>());
  const size_t depth_all = product.a.cols;
  const size_t block = kBlockBytes / (kBlockDepth * panel * sizeof(T)) * panel;
  T* packed = reinterpret_cast<T*>(packed_b);
  const bool pack_a = product.a.row_stride == 1 && product.a.col_stride != 1;
  for (size_t n = 0; n < product.c.cols; n += block) {
    const size_t cols = std::min(block, product.c.cols - n);
    for (size_t k = 0; k < depth_all; k += kBlockDepth) {
      const size_t depth = std::min(kBlockDepth, depth_all - k);
      if (product.b_transposed) {
        PackTransposedB(Matrix<const T>{product.b.Row(n) + k, cols, depth, product.b.stride},
                        packed);
      } else {
        PackB(Matrix<const T>{product.b.Row(k) + n, depth, cols, product.b.stride}, packed);
      }
      MultiplyBlock(product, k, depth, n, cols, packed, panel, depth * panel, pack_a);
    }
  }
}

template <typename T>
void MultiplyUnpacked(const Product<T>& product) {
  const size_t panel = kTileVectors * hn::Lanes(hn::ScalableTag<T>());
  const size_t depth_all = product.a.cols;
  size_t k = 0;
  // Runs once even without a single step, because the start values must reach C.
  do {
    const size_t depth = std::min(kBlockDepth, depth_all - k);
    for (size_t n = 0; n < product.c.cols; n += panel) {
      const size_t cols = std::min(panel, product.c.cols - n);
      MultiplyBlock(product, k, depth, n, cols, product.b.Row(k) + n, product.b.stride, panel,
                    false);
    }
    k += depth;
  } while (k < depth_all);
}

template <typename T>
void Multiply(const Product<T>& product) {
  const size_t b_bytes = product.a.cols * product.c.cols * sizeof(T);
  const bool large = product.c.rows >= kPackRows && b_bytes >= kPackBytes;
  if (product.a.cols > 0 && (product.b_transposed || large)) {
    MultiplyPacked(product);
  } else {
    MultiplyUnpacked(product);
  }
}

void MultiplyFloat(const Product<float>& product) { Multiply(product); }
void MultiplyDouble(const Product<double>& product) { Multiply(product); }

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace nabla {
namespace {

HWY_EXPORT(MultiplyFloat);
HWY_EXPORT(MultiplyDouble);

void Dispatch(const Product<float>& product) { HWY_DYNAMIC_DISPATCH(MultiplyFloat)(product); }
void Dispatch(const Product<double>& product) { HWY_DYNAMIC_DISPATCH(MultiplyDouble)(product); }

}  // namespace

template <typename T>
void Gemm(std::type_identity_t<Strided<T>> a, ReadOnly<T> b, Matrix<T> c, bool accumulate) {
  Dispatch(Product<T>{a, b, false, accumulate ? c.data : nullptr, c.stride, c});
}

template <typename T>
void GemmBias(std::type_identity_t<Strided<T>> a, ReadOnly<T> b,
              const std::type_identity_t<T>* bias, Matrix<T> c) {
  Dispatch(Product<T>{a, b, false, bias, 0, c});
}

template <typename T>
void GemmNT(ReadOnly<T> a, ReadOnly<T> b, Matrix<T> c, bool accumulate) {
  Dispatch(Product<T>{AsIs<T>(a), b, true, accumulate ? c.data : nullptr, c.stride, c});
}

template void Gemm<float>(Strided<float>, Matrix<const float>, Matrix<float>, bool);
template void Gemm<double>(Strided<double>, Matrix<const double>, Matrix<double>, bool);
template void GemmBias<float>(Strided<float>, Matrix<const float>, const float*, Matrix<float>);
template void GemmBias<double>(Strided<double>, Matrix<const double>, const double*,
                               Matrix<double>);
template void GemmNT<float>(Matrix<const float>, Matrix<const float>, Matrix<float>, bool);
template void GemmNT<double>(Matrix<const double>, Matrix<const double>, Matrix<double>, bool);

}  // namespace nabla
#endif  // HWY_ONCE
