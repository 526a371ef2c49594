#include "framework/kernels/simd.h"

#include <cstdint>
#include <cstdlib>

#include "framework/base/error.h"
#include "hwy/highway.h"

// Both targets fuse multiply and add, so both give the same bits; other targets would not.
#if HWY_TARGETS != (HWY_AVX2 | HWY_AVX3)
#error "nabla needs exactly AVX2 and AVX-512: see .bazelrc and third_party/repositories.bzl"
#endif

namespace nabla {
namespace {

// Every kind of it that Highway tells apart: the better a target, the lower its bit.
constexpr int64_t kAvx512 = HWY_AVX2 - 1;

// Unlike hwy::SupportedTargets, this does not depend on what SetSimd disabled.
bool HasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}

}  // namespace

void SetSimd(std::string_view name) {
  Problems problems;
  if (!name.empty() && name != "avx2" && name != "avx512") {
    problems.Add({}, "NABLA_SIMD is '" + std::string(name) + "'; allowed: avx2, avx512");
  } else if (name == "avx512" && !HasAvx512()) {
    problems.Add({}, "NABLA_SIMD is 'avx512', which this CPU lacks; allowed here: avx2");
  }
  problems.ThrowIfAny();
  hwy::DisableTargets(name == "avx2" ? kAvx512 : 0);
}

void SetSimdFromEnvironment() {
  const char* name = std::getenv("NABLA_SIMD");
  SetSimd(name == nullptr ? "" : name);
}

std::string SimdName() { return (hwy::SupportedTargets() & kAvx512) != 0 ? "avx512" : "avx2"; }

std::vector<std::string> SimdNames() {
  if (HasAvx512()) return {"avx512", "avx2"};
  return {"avx2"};
}

}  // namespace nabla
