// A tree as a list of paths.
#ifndef NABLA_FRAMEWORK_CONFIG_FLAT_H_
#define NABLA_FRAMEWORK_CONFIG_FLAT_H_

#include <map>
#include <string>

#include "framework/config/node.h"

namespace nabla {

// The text of every scalar under its path, as overrides name it: "model.0.units".
std::map<std::string, std::string> FlatScalars(const Node& root);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_FLAT_H_
