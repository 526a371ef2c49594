// Reductions over the rows and columns of a matrix, in an order that no SIMD width changes.
#ifndef NABLA_FRAMEWORK_KERNELS_ROWS_H_
#define NABLA_FRAMEWORK_KERNELS_ROWS_H_

#include <cstddef>
#include <type_traits>

#include "framework/tensor/matrix.h"

namespace nabla {

// p[r][c] = exp(z[r][c] - max_r) / sum_c exp(z[r][c] - max_r), float and double. p may be z.
// The sum is 16 partial sums by column mod 16, then a fixed tree. -inf gives 0; a row with NaN,
// +inf or nothing but -inf gives NaN.
template <typename T>
void SoftmaxRows(std::type_identity_t<Matrix<const T>> z, Matrix<T> p);

// The index of the first maximum of row (n), n > 0. NaN never wins against a number.
template <typename T>
size_t ArgMax(const T* row, size_t n);

// out[c] = start + x[0][c] + x[1][c] + ..., one chain of additions with start = out[c] if
// accumulate, else 0: the gradient of a bias. x is (B x C).
template <typename T>
void ColumnSums(std::type_identity_t<Matrix<const T>> x, T* out, bool accumulate);

// Natural logarithm with the same bits on every machine, unlike libm's. 0 gives -inf.
double LogOf(double x);
// out[i] = LogOf(x[i]), x and out (n). out may be x.
void LogSpan(const double* x, double* out, size_t n);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_ROWS_H_
