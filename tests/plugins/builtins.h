#ifndef NABLA_TESTS_PLUGINS_BUILTINS_H_
#define NABLA_TESTS_PLUGINS_BUILTINS_H_

#include "framework/plugin/registry.h"
#include "plugins/builtin.h"

namespace nabla {

// A registry with every plugin of the program, for tests that add none.
inline const Registry& Builtins() {
  static const Registry registry = [] {
    Registry made;
    RegisterBuiltins(made);
    return made;
  }();
  return registry;
}

}  // namespace nabla

#endif  // NABLA_TESTS_PLUGINS_BUILTINS_H_
