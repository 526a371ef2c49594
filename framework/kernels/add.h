// Sums of spans.
#ifndef NABLA_FRAMEWORK_KERNELS_ADD_H_
#define NABLA_FRAMEWORK_KERNELS_ADD_H_

#include <cstddef>

namespace nabla {

// y[i] = a[i] + b[i], all (n); y may be a or b.
template <typename T>
void AddSpan(const T* a, const T* b, T* y, size_t n);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_ADD_H_
