// Changing one value of a tree by its path.
#ifndef NABLA_FRAMEWORK_CONFIG_OVERRIDE_H_
#define NABLA_FRAMEWORK_CONFIG_OVERRIDE_H_

#include <string>

#include "framework/config/node.h"

namespace nabla {

// Like ApplyOverride (node.h), but for a value that is already a tree; errors are placed at it.
void SetAtPath(Node& root, const std::string& path, const Node& value);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_OVERRIDE_H_
