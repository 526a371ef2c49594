// Matrix products. Every element of a result is one chain of fused multiply-adds in ascending k,
// so neither tiles, blocks and threads nor the SIMD width change a bit of it.
#ifndef NABLA_FRAMEWORK_KERNELS_GEMM_H_
#define NABLA_FRAMEWORK_KERNELS_GEMM_H_

#include <cstddef>
#include <type_traits>

#include "framework/kernels/transpose.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// A matrix whose element (r, c) is data[r * row_stride + c * col_stride].
template <typename T>
struct Strided {
  const T* data = nullptr;
  size_t rows = 0;
  size_t cols = 0;
  size_t row_stride = 0;
  size_t col_stride = 0;
};

// An operand that is only read. T is deduced from the result, so Matrix<T> may be passed too.
template <typename T>
using ReadOnly = std::type_identity_t<Matrix<const T>>;

template <typename T>
Strided<T> AsIs(Matrix<const T> m) {
  return {m.data, m.rows, m.cols, m.stride, 1};
}

template <typename T>
Strided<T> Transposed(Matrix<const T> m) {
  return {m.data, m.cols, m.rows, 1, m.stride};
}

// All products below take float and double:
//   c[m][n] = fma(a[m][K-1], b[K-1][n], ... fma(a[m][0], b[0][n], start)),
//   start = c[m][n] if accumulate, else 0; K = 0 leaves start.
// c must not overlap a, b or bias. Nothing outside rows x cols is read or written. No allocation.

// c (M x N) from a (M x K) and b (K x N).
template <typename T>
void Gemm(std::type_identity_t<Strided<T>> a, ReadOnly<T> b, Matrix<T> c, bool accumulate);

// The same, with start = bias[n], bias (N).
template <typename T>
void GemmBias(std::type_identity_t<Strided<T>> a, ReadOnly<T> b,
              const std::type_identity_t<T>* bias, Matrix<T> c);
template <typename T>
void GemmBias(ReadOnly<T> a, ReadOnly<T> b, const std::type_identity_t<T>* bias, Matrix<T> c) {
  GemmBias<T>(AsIs<T>(a), b, bias, c);
}

// c (M x N) from a (M x K) and b (K x N): forward.
template <typename T>
void GemmNN(ReadOnly<T> a, ReadOnly<T> b, Matrix<T> c, bool accumulate) {
  Gemm<T>(AsIs<T>(a), b, c, accumulate);
}

// c (M x N) from a (K x M) and b (K x N): the gradient of weights, K the batch.
template <typename T>
void GemmTN(ReadOnly<T> a, ReadOnly<T> b, Matrix<T> c, bool accumulate) {
  Gemm<T>(Transposed<T>(a), b, c, accumulate);
}

// c (M x N) from a (M x K) and b (N x K): the gradient of inputs. It transposes b panel by panel
// on every call; where b changes rarely, Transpose it once and call GemmNN.
template <typename T>
void GemmNT(ReadOnly<T> a, ReadOnly<T> b, Matrix<T> c, bool accumulate);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_GEMM_H_
