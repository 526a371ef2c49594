// Transposition of matrices.
#ifndef NABLA_FRAMEWORK_KERNELS_TRANSPOSE_H_
#define NABLA_FRAMEWORK_KERNELS_TRANSPOSE_H_

#include <type_traits>

#include "framework/tensor/matrix.h"

namespace nabla {

// out (C x R) from in (R x C), float and double; they must not overlap.
template <typename T>
void Transpose(std::type_identity_t<Matrix<const T>> in, Matrix<T> out);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_TRANSPOSE_H_
