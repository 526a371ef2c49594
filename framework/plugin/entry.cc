// Compiled into every library of plugins: defines what the loader looks for. The build rule lists
// the plugins as NABLA_PLUGIN_ENTRIES(call) = call(first) call(second) ...
#include "framework/kernels/targets.h"
#include "framework/plugin/abi.h"
#include "framework/plugin/registry.h"

namespace nabla {
NABLA_PLUGIN_ENTRIES(NABLA_DECLARE_ENTRY)
}  // namespace nabla

#define NABLA_EXPORTED extern "C" __attribute__((visibility("default")))

NABLA_PLUGIN_NOTE(NABLA_PLUGIN_ABI);

#define NABLA_ENTER(entry) NABLA_ENTRY_OF(entry, avx512)(registry, origin);
NABLA_EXPORTED void nabla_plugin_entry(nabla::Registry& registry, const char* origin, bool avx512) {
  NABLA_PLUGIN_ENTRIES(NABLA_ENTER)
}
