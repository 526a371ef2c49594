// The SIMD targets that plugins are compiled for, by their namespaces: `entry` is a plugin's entry.
#ifndef NABLA_FRAMEWORK_KERNELS_TARGETS_H_
#define NABLA_FRAMEWORK_KERNELS_TARGETS_H_

// NABLA_DECLARE_ENTRY, in namespace nabla, declares an entry for every target.
// NABLA_ENTRY_OF is that of the target in use; where there is one target, avx512 is false.
#define NABLA_DECLARE_ENTRY_IN(target, entry)         \
  namespace target {                                  \
  void entry(Registry& registry, const char* origin); \
  }
#if defined(__x86_64__)
#define NABLA_DECLARE_ENTRY(entry)      \
  NABLA_DECLARE_ENTRY_IN(N_AVX2, entry) \
  NABLA_DECLARE_ENTRY_IN(N_AVX3, entry)
#define NABLA_ENTRY_OF(entry, avx512) ((avx512) ? nabla::N_AVX3::entry : nabla::N_AVX2::entry)
#elif defined(__aarch64__)
#define NABLA_DECLARE_ENTRY(entry) NABLA_DECLARE_ENTRY_IN(N_NEON, entry)
#define NABLA_ENTRY_OF(entry, avx512) (static_cast<void>(avx512), nabla::N_NEON::entry)
#endif

#endif  // NABLA_FRAMEWORK_KERNELS_TARGETS_H_
