// Turns the bytes of a data set into the numbers of a batch.
#ifndef NABLA_FRAMEWORK_KERNELS_GATHER_H_
#define NABLA_FRAMEWORK_KERNELS_GATHER_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace nabla {

// out[i] = in[i] / divisor, correctly rounded to T (what NumPy gives for an array of T), i < n;
// then, unless mean is 0 and std 1, (out[i] - mean) / std with each step rounded.
template <typename T>
void BytesToReal(const uint8_t* in, T* out, size_t n, std::type_identity_t<T> divisor,
                 std::type_identity_t<T> mean, std::type_identity_t<T> std);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_GATHER_H_
