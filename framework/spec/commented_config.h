// Prints a complete experiment file with explanations.
#ifndef NABLA_FRAMEWORK_SPEC_COMMENTED_CONFIG_H_
#define NABLA_FRAMEWORK_SPEC_COMMENTED_CONFIG_H_

#include <string>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// YAML that ParseYaml reads back to an equal tree, with a comment for every key: its meaning, unit,
// bounds and choices. `config` must be complete, as ResolvedConfig returns it.
std::string CommentedConfig(const Node& config, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_COMMENTED_CONFIG_H_
