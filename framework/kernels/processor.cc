#include "framework/kernels/processor.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace nabla {

#if defined(__x86_64__)

uint32_t FloatControl() { return _mm_getcsr(); }

void SetFloatControl(uint32_t control) { _mm_setcsr(control); }

uint32_t WithoutDenormals(uint32_t control) {
  constexpr uint32_t kFlushToZero = 0x8000;
  constexpr uint32_t kDenormalsAreZero = 0x0040;
  return control | kFlushToZero | kDenormalsAreZero;
}

void Pause() { _mm_pause(); }

#elif defined(__aarch64__)

// All bits of FPCR that are in use are among the lower 32.
uint32_t FloatControl() {
  uint64_t control;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  return static_cast<uint32_t>(control);
}

void SetFloatControl(uint32_t control) { asm volatile("msr fpcr, %0" ::"r"(uint64_t{control})); }

// FZ, which is about operands and results.
uint32_t WithoutDenormals(uint32_t control) { return control | uint32_t{1} << 24; }

// `yield` takes a single cycle on most cores; `isb` takes as long as x86-64's `pause`.
void Pause() { asm volatile("isb"); }

#endif

}  // namespace nabla
