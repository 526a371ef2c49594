#include "framework/kernels/add.h"

namespace nabla {

template <typename T>
void AddSpan(const T* a, const T* b, T* y, size_t n) {
  for (size_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
}

template void AddSpan(const float*, const float*, float*, size_t);
template void AddSpan(const double*, const double*, double*, size_t);

}  // namespace nabla
