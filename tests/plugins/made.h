// Plugins from YAML, for tests.
#ifndef NABLA_TESTS_PLUGINS_MADE_H_
#define NABLA_TESTS_PLUGINS_MADE_H_

#include <memory>
#include <string>

#include "framework/config/node.h"
#include "plugins/builtin.h"

namespace nabla {

inline const Registry& BuiltinRegistry() {
  static const Registry registry = [] {
    Registry made;
    RegisterBuiltins(made);
    return made;
  }();
  return registry;
}

// The built-in plugin that a flow value such as "{name: step, step_size: 3}" describes. Throws
// InputError.
template <typename I, typename T = double>
std::shared_ptr<const I> Made(const std::string& yaml) {
  Problems problems;
  const MadePlugin made =
      BuiltinRegistry().Maker<T>()->Make(I::kKind, ParseYamlValue(yaml, "test"), problems);
  problems.ThrowIfAny();
  return std::static_pointer_cast<const I>(made.object);
}

}  // namespace nabla

#endif  // NABLA_TESTS_PLUGINS_MADE_H_
