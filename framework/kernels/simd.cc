#include "framework/kernels/simd.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "framework/base/error.h"
#include "hwy/highway.h"

// All of these fuse multiply and add, so all give the same bits; other targets would not.
#if HWY_ARCH_X86 && HWY_TARGETS != (HWY_AVX2 | HWY_AVX3)
#error "nabla needs exactly AVX2 and AVX-512: see .bazelrc and third_party/repositories.bzl"
#elif !HWY_ARCH_X86 && HWY_TARGETS != HWY_NEON
#error "nabla needs exactly NEON: see .bazelrc and third_party/repositories.bzl"
#endif

namespace nabla {
namespace {

#if HWY_ARCH_X86

constexpr const char* kNames[] = {"avx2", "avx512"};

// Every kind of AVX-512 that Highway tells apart: the better a target, the lower its bit.
constexpr int64_t kAvx512 = HWY_AVX2 - 1;

// Unlike hwy::SupportedTargets, this does not depend on what SetSimd disabled.
bool HasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}

void Use(std::string_view name) { hwy::DisableTargets(name == "avx2" ? kAvx512 : 0); }

#else

constexpr const char* kNames[] = {"neon"};

void Use(std::string_view) {}

#endif

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

#if HWY_ARCH_X86

std::string SimdName() { return (hwy::SupportedTargets() & kAvx512) != 0 ? "avx512" : "avx2"; }

std::vector<std::string> SimdNames() {
  if (HasAvx512()) return {"avx512", "avx2"};
  return {"avx2"};
}

#else

std::string SimdName() { return "neon"; }

std::vector<std::string> SimdNames() { return {"neon"}; }

#endif

void SetSimd(std::string_view name) {
  const auto among = [name](const auto& names) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
  };
  const std::vector<std::string> here = SimdNames();
  Problems problems;
  if (!name.empty() && !among(kNames)) {
    problems.Add({}, "NABLA_SIMD is '" + std::string(name) +
                         "'; allowed: " + Joined({std::begin(kNames), std::end(kNames)}));
  } else if (!name.empty() && !among(here)) {
    problems.Add({}, "NABLA_SIMD is '" + std::string(name) +
                         "', which this CPU lacks; allowed here: " + Joined(here));
  }
  problems.ThrowIfAny();
  Use(name);
}

void SetSimdFromEnvironment() {
  const char* name = std::getenv("NABLA_SIMD");
  SetSimd(name == nullptr ? "" : name);
}

}  // namespace nabla
