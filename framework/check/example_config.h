// Generated configurations of a plugin, for examples and for checks.
#ifndef NABLA_FRAMEWORK_CHECK_EXAMPLE_CONFIG_H_
#define NABLA_FRAMEWORK_CHECK_EXAMPLE_CONFIG_H_

#include <string>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// Which optional parameters differ from their defaults.
enum class Vary {
  kNothing,
  kChoices,  // those with a few possible values
  kAll,      // also numbers
};

// A configuration of the plugin. Variant 0 has its name and its required parameters; other variants
// also set optional ones, perhaps in combinations that the plugin rejects.
Node ExampleConfig(const Registry& registry, const std::string& kind, const std::string& name,
                   size_t variant = 0, Vary vary = Vary::kNothing);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_EXAMPLE_CONFIG_H_
