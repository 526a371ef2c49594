// Configurations of a plugin that nobody wrote: for examples and for checks.
#ifndef NABLA_FRAMEWORK_CHECK_EXAMPLE_CONFIG_H_
#define NABLA_FRAMEWORK_CHECK_EXAMPLE_CONFIG_H_

#include <string>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// Which optional parameters differ from their defaults.
enum class Vary {
  kNothing,
  kChoices,  // those of a few values
  kAll,      // numbers too
};

// A configuration of the plugin: with variant 0 its name and what it requires, with others more of
// its parameters, which need not go together.
Node ExampleConfig(const Registry& registry, const std::string& kind, const std::string& name,
                   size_t variant = 0, Vary vary = Vary::kNothing);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CHECK_EXAMPLE_CONFIG_H_
