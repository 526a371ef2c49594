// What this machine can do at most, measured: multiply-adds on registers, and bytes moved.
#ifndef NABLA_FRAMEWORK_KERNELS_PEAK_H_
#define NABLA_FRAMEWORK_KERNELS_PEAK_H_

#include <cstddef>

namespace nabla {

// Runs multiply-adds on registers and returns how many floating point operations they were, for
// float and double. `sink` has room for 1024 numbers and is written, so that nothing is left out.
template <typename T>
size_t RunPeak(T* sink);

// GFLOP/s that one core reaches so, best of a few tries. To be called right before it is used,
// because clocks change.
template <typename T>
double MeasurePeak();

// y = x + 3 z over n floats each, none overlapping: 12 bytes a number.
void Triad(const float* x, const float* z, float* y, size_t n);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_PEAK_H_
