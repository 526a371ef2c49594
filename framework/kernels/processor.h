// What the threads of the engine ask of the processor itself, on x86-64 and on ARM64.
#ifndef NABLA_FRAMEWORK_KERNELS_PROCESSOR_H_
#define NABLA_FRAMEWORK_KERNELS_PROCESSOR_H_

#include <cstdint>

namespace nabla {

// The register of this thread that controls rounding, traps and denormal numbers.
uint32_t FloatControl();
void SetFloatControl(uint32_t control);

// The same settings, except that denormal operands count as zero and denormal results become zero.
// The processors differ in what they call denormal: x86-64 looks at the rounded result, ARM64 at
// the exact one. So an exact result in [m - m 2^-p, m), where m is the smallest normal number and p
// is 25 for float and 54 for double, becomes m on x86-64 and zero on ARM64.
uint32_t WithoutDenormals(uint32_t control);

// Tells the processor that the caller spins: about as long as a read of the memory of another core.
void Pause();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_PROCESSOR_H_
