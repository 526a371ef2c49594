// Convolutions without writing out what each window sees: rows are padded, and a tile of sums stays
// in registers while all of a window passes by.
//
// The numeric contract: every number is the same chain of fused multiply-adds as that of im2col.h,
// bit for bit, zeros of the padding included.
#ifndef NABLA_FRAMEWORK_KERNELS_CONV_H_
#define NABLA_FRAMEWORK_KERNELS_CONV_H_

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "framework/kernels/gemm.h"
#include "framework/kernels/im2col.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// All functions below take float and double, R rows of a batch. No argument may overlap another.
// Scratch is aligned like Storage and has as many numbers as the function named after the product
// says; nothing is allocated. They choose by the shape alone whether the direct way is faster than
// im2col's.

// y (R, O * positions): y[o, p] = b[o], then the chain over k of W[o, k] x[window p, k]. bias (O),
// or null for zeros; x (R, channels * plane).
template <typename T>
size_t ConvForwardScratch(const ConvShape& shape);
template <typename T>
void ConvForward(const ConvShape& shape, ReadOnly<T> x, ReadOnly<T> weights,
                 const std::type_identity_t<T>* bias, T* scratch, Matrix<T> y);

// dx (R, channels * plane): dx[c, q] = b[c], to which are added, in ascending order of kernel
// elements k that see q from a position p, the chains over o of W[o, k] dy[o, p], which start at 0.
// bias (channels), or null for zeros; dy (R, O * positions).
template <typename T>
size_t ConvDataGradientScratch(const ConvShape& shape);
template <typename T>
void ConvDataGradient(const ConvShape& shape, ReadOnly<T> dy, ReadOnly<T> weights,
                      const std::type_identity_t<T>* bias, T* scratch, Matrix<T> dx);

// gradient (O, K / groups): one chain over rows and positions of dy[o, p] x[window p, k], which
// continues what `gradient` holds if `accumulate`, else starts at 0.
template <typename T>
size_t ConvWeightGradientScratch(const ConvShape& shape);
template <typename T>
void ConvWeightGradient(const ConvShape& shape, ReadOnly<T> x, ReadOnly<T> dy, bool accumulate,
                        T* scratch, Matrix<T> gradient);

// For any of the three.
template <typename T>
size_t ConvScratch(const ConvShape& shape) {
  return std::max({ConvForwardScratch<T>(shape), ConvDataGradientScratch<T>(shape),
                   ConvWeightGradientScratch<T>(shape)});
}

// Whether the direct way is out of proportion: wide padding or long strides with few windows.
template <typename T>
bool IsMostlyPadding(const ConvShape& shape, size_t scratch) {
  constexpr size_t kSmall = 1 << 16;
  return scratch > kSmall && scratch / 2 > PatchNumbers<T>(shape.windows);
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_CONV_H_
