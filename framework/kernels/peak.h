// Measures this machine's peak speed: multiply-adds on registers, and bytes moved.
#ifndef NABLA_FRAMEWORK_KERNELS_PEAK_H_
#define NABLA_FRAMEWORK_KERNELS_PEAK_H_

#include <cstddef>

namespace nabla {

// Runs multiply-adds on registers and returns how many floating point operations they were, for
// float and double. `sink` has room for 1024 numbers and is written, so that the compiler removes
// nothing.
template <typename T>
size_t RunPeak(T* sink);

// The GFLOP/s that one core reaches with RunPeak, best of a few tries. Call it right before use,
// because clock rates change.
template <typename T>
double MeasurePeak();

// y = x + 3 z over n floats each, none overlapping: 12 bytes per number.
void Triad(const float* x, const float* z, float* y, size_t n);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_PEAK_H_
