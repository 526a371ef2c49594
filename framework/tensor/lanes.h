// Sums in an order that no SIMD width changes.
#ifndef NABLA_FRAMEWORK_TENSOR_LANES_H_
#define NABLA_FRAMEWORK_TENSOR_LANES_H_

#include <cstddef>

namespace nabla {

// f(0) + ... + f(n - 1) in double: eight partial sums by index mod 8, then pairwise. The lanes are
// spelled out so that a compiler may use vectors of any width without changing the order of
// additions.
template <typename F>
double Lanes(size_t n, F f) {
  constexpr size_t kLanes = 8;
  if (n == 1) return f(0);
  double lane[kLanes] = {};
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (size_t k = 0; k < kLanes; ++k) lane[k] += f(i + k);
  }
  for (size_t k = 0; i + k < n; ++k) lane[k] += f(i + k);
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TENSOR_LANES_H_
