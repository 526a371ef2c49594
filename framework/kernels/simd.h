// Which SIMD instruction set the kernels run on. Results never depend on it, only speed does.
#ifndef NABLA_FRAMEWORK_KERNELS_SIMD_H_
#define NABLA_FRAMEWORK_KERNELS_SIMD_H_

#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// Makes every kernel called from now on run on "avx2" or "avx512" (x86-64) or on "neon" (ARM64); ""
// is the best that this CPU has. May be called repeatedly, but not while another thread is inside a
// kernel. Throws InputError for any other name and if the CPU lacks the instruction set.
void SetSimd(std::string_view name);

// SetSimd with the value of the environment variable NABLA_SIMD, "" if it is not set.
void SetSimdFromEnvironment();

// The instruction set in use.
std::string SimdName();

// What this CPU can run, fastest first.
std::vector<std::string> SimdNames();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_KERNELS_SIMD_H_
