// Transposition of a block, for code that is compiled once for every SIMD target.

#if defined(NABLA_FRAMEWORK_KERNELS_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NABLA_FRAMEWORK_KERNELS_TRANSPOSE_INL_H_
#undef NABLA_FRAMEWORK_KERNELS_TRANSPOSE_INL_H_
#else
#define NABLA_FRAMEWORK_KERNELS_TRANSPOSE_INL_H_
#endif

#include <algorithm>
#include <cstddef>

#include "framework/kernels/part-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nabla {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Registers of 256 bits where there are any, else of 128: as many rows and columns has a square.
constexpr size_t kSquareBytes = HWY_MAX_BYTES < 32 ? HWY_MAX_BYTES : 32;
template <typename T>
using Wide = hn::FixedTag<T, kSquareBytes / sizeof(T)>;

#if HWY_MAX_BYTES >= 32

template <typename T>
using Half = hn::FixedTag<T, 16 / sizeof(T)>;

// Element (r, c) of the 8 x 8 block is in[r * in_stride + c]; out[c * out_stride + r] receives it.
// Loading the halves of rows r and r + 4 into one register saves a third of the shuffles.
HWY_INLINE void TransposeSquare(const float* in, size_t in_stride, float* out, size_t out_stride) {
  const Wide<float> d;
  const hn::RepartitionToWide<decltype(d)> d64;
  const Half<float> half;
  hn::Vec<decltype(d)> row[8], pair[8], column[8];
  HWY_UNROLL(8)
  for (size_t i = 0; i < 8; ++i) {
    const float* from = in + (i % 4) * in_stride + (i / 4) * 4;
    row[i] = hn::Combine(d, hn::LoadU(half, from + 4 * in_stride), hn::LoadU(half, from));
  }
  HWY_UNROLL(4)
  for (size_t i = 0; i < 8; i += 2) {
    pair[i] = hn::InterleaveLower(d, row[i], row[i + 1]);
    pair[i + 1] = hn::InterleaveUpper(d, row[i], row[i + 1]);
  }
  HWY_UNROLL(4)
  for (size_t i = 0; i < 8; i += 2) {
    const size_t first = i / 4 * 4 + i / 2 % 2;
    const auto a = hn::BitCast(d64, pair[first]);
    const auto b = hn::BitCast(d64, pair[first + 2]);
    column[i] = hn::BitCast(d, hn::InterleaveLower(d64, a, b));
    column[i + 1] = hn::BitCast(d, hn::InterleaveUpper(d64, a, b));
  }
  HWY_UNROLL(8)
  for (size_t i = 0; i < 8; ++i) hn::StoreU(column[i], d, out + i * out_stride);
}

// The same for 4 x 4.
HWY_INLINE void TransposeSquare(const double* in, size_t in_stride, double* out,
                                size_t out_stride) {
  const Wide<double> d;
  const Half<double> half;
  hn::Vec<decltype(d)> row[4];
  HWY_UNROLL(4)
  for (size_t i = 0; i < 4; ++i) {
    const double* from = in + (i % 2) * in_stride + (i / 2) * 2;
    row[i] = hn::Combine(d, hn::LoadU(half, from + 2 * in_stride), hn::LoadU(half, from));
  }
  HWY_UNROLL(2)
  for (size_t i = 0; i < 4; i += 2) {
    hn::StoreU(hn::InterleaveLower(d, row[i], row[i + 1]), d, out + i * out_stride);
    hn::StoreU(hn::InterleaveUpper(d, row[i], row[i + 1]), d, out + (i + 1) * out_stride);
  }
}

#else

// Element (r, c) of the 4 x 4 block is in[r * in_stride + c]; out[c * out_stride + r] receives it.
HWY_INLINE void TransposeSquare(const float* in, size_t in_stride, float* out, size_t out_stride) {
  const Wide<float> d;
  const hn::RepartitionToWide<decltype(d)> d64;
  hn::Vec<decltype(d)> row[4];
  HWY_UNROLL(4)
  for (size_t i = 0; i < 4; ++i) row[i] = hn::LoadU(d, in + i * in_stride);
  const auto low01 = hn::BitCast(d64, hn::InterleaveLower(d, row[0], row[1]));
  const auto low23 = hn::BitCast(d64, hn::InterleaveLower(d, row[2], row[3]));
  const auto high01 = hn::BitCast(d64, hn::InterleaveUpper(d, row[0], row[1]));
  const auto high23 = hn::BitCast(d64, hn::InterleaveUpper(d, row[2], row[3]));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, low01, low23)), d, out);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, low01, low23)), d, out + out_stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, high01, high23)), d, out + 2 * out_stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, high01, high23)), d, out + 3 * out_stride);
}

// The same for 2 x 2.
HWY_INLINE void TransposeSquare(const double* in, size_t in_stride, double* out,
                                size_t out_stride) {
  const Wide<double> d;
  const auto first = hn::LoadU(d, in);
  const auto second = hn::LoadU(d, in + in_stride);
  hn::StoreU(hn::InterleaveLower(d, first, second), d, out);
  hn::StoreU(hn::InterleaveUpper(d, first, second), d, out + out_stride);
}

#endif

// out[c * out_stride + r] = in[r * in_stride + c], r < rows, c < cols; nothing else is touched.
template <typename T>
HWY_INLINE void TransposeBlock(const T* in, size_t in_stride, size_t rows, size_t cols, T* out,
                               size_t out_stride) {
  constexpr size_t kSide = kSquareBytes / sizeof(T);
  const Wide<T> d;
  for (size_t r = 0; r < rows; r += kSide) {
    const size_t height = std::min(kSide, rows - r);
    for (size_t c = 0; c < cols; c += kSide) {
      const size_t width = std::min(kSide, cols - c);
      const T* from = in + r * in_stride + c;
      T* to = out + c * out_stride + r;
      if (height == kSide && width == kSide) {
        TransposeSquare(from, in_stride, to, out_stride);
        continue;
      }
      // The ragged edge goes through a full square on the stack.
      HWY_ALIGN T square[kSide * kSide] = {};
      HWY_ALIGN T turned[kSide * kSide];
      const Part across(d, width);
      const Part down(d, height);
      for (size_t i = 0; i < height; ++i) {
        hn::Store(across.Load(from + i * in_stride), d, square + i * kSide);
      }
      TransposeSquare(square, kSide, turned, kSide);
      for (size_t i = 0; i < width; ++i) {
        down.Store(hn::Load(d, turned + i * kSide), to + i * out_stride);
      }
    }
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace nabla
HWY_AFTER_NAMESPACE();

#endif  // NABLA_FRAMEWORK_KERNELS_TRANSPOSE_INL_H_
