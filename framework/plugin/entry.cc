// Compiled into every library of plugins: defines what the loader looks for. The build rule lists
// the plugins as NABLA_PLUGIN_ENTRIES(call) = call(first) call(second) ...
#include "framework/plugin/abi.h"
#include "framework/plugin/registry.h"

#define NABLA_DECLARE(entry)                          \
  namespace nabla::N_AVX2 {                           \
  void entry(Registry& registry, const char* origin); \
  }                                                   \
  namespace nabla::N_AVX3 {                           \
  void entry(Registry& registry, const char* origin); \
  }
NABLA_PLUGIN_ENTRIES(NABLA_DECLARE)

#define NABLA_EXPORTED extern "C" __attribute__((visibility("default")))

NABLA_PLUGIN_NOTE(NABLA_PLUGIN_ABI);

#define NABLA_ENTER(entry) (avx512 ? nabla::N_AVX3::entry : nabla::N_AVX2::entry)(registry, origin);
NABLA_EXPORTED void nabla_plugin_entry(nabla::Registry& registry, const char* origin, bool avx512) {
  NABLA_PLUGIN_ENTRIES(NABLA_ENTER)
}
