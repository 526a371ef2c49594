// Products with rows of bytes that are mostly zero, for the first layer.
//
// Omitting the terms with x = 0 changes no bit of a chain of fused multiply-adds: for finite w
// fma(0, w, s) = s. Only the sign of a zero sum may differ, which affects no later step. So these
// products equal the dense ones of gemm.h.
#ifndef NABLA_FRAMEWORK_KERNELS_SPARSE_H_
#define NABLA_FRAMEWORK_KERNELS_SPARSE_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "framework/tensor/matrix.h"
#include "framework/tensor/sparse_bytes.h"

namespace nabla {

// Rows order[0 .. R) of `data`, where byte b means the number zero + table[b] and table[0] = 0. If
// zero is not 0, the functions below use only the table; the caller adds zero times the column sums
// of w, or of dy.
template <typename T>
struct SparseRows {
  const SparseBytes* data = nullptr;
  const uint32_t* order = nullptr;
  size_t rows = 0;           // R
  const T* table = nullptr;  // (256)
  T zero = 0;
};

// y (R, O) = [bias (O), or 0 where it is null] + x w, w (I, O). Each element is one chain of fused
// multiply-adds in ascending column of x.
template <typename T>
void SparseForward(const SparseRows<T>& x, std::type_identity_t<Matrix<const T>> w, const T* bias,
                   Matrix<T> y);

// Rows [begin, begin + gradient.rows) of x' dy: gradient[k - begin][o] = [itself if accumulate else
// 0] + sum of x[r][k] dy[r][o], one chain in ascending row. dy is (R, O); begin is a multiple of
// kSegment, and so is gradient.rows unless it ends with the last column.
template <typename T>
void SparseGradient(const SparseRows<T>& x, std::type_identity_t<Matrix<const T>> dy, size_t begin,
                    Matrix<T> gradient, bool accumulate);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_SPARSE_H_
