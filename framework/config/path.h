// Paths of keys in a tree, such as "model.0.units".
#ifndef NABLA_FRAMEWORK_CONFIG_PATH_H_
#define NABLA_FRAMEWORK_CONFIG_PATH_H_

#include <string_view>
#include <vector>

namespace nabla {

// The names between the dots: "a", "" and "b" of "a..b". They point into `path`.
std::vector<std::string_view> PathSteps(std::string_view path);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_PATH_H_
