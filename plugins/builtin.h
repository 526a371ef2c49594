// Every plugin under plugins/.
#ifndef NABLA_PLUGINS_BUILTIN_H_
#define NABLA_PLUGINS_BUILTIN_H_

#include "framework/plugin/registry.h"

namespace nabla {

// Adds the built-in plugins, compiled for the SIMD target in use (framework/kernels/simd.h).
void RegisterBuiltins(Registry& registry);

}  // namespace nabla

#endif  // NABLA_PLUGINS_BUILTIN_H_
