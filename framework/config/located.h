// Errors that are found out long after parsing, brought back to where the user wrote their cause.
#ifndef NABLA_FRAMEWORK_CONFIG_LOCATED_H_
#define NABLA_FRAMEWORK_CONFIG_LOCATED_H_

#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"

namespace nabla {

// The problems, those without a place now at the key of `tree` whose path their message begins
// with: "subset.train is 300, but ..." at the value of subset.train.
std::vector<Problem> Located(const Node& tree, std::vector<Problem> problems);

// What f gives; its InputErrors are thrown with their places.
template <typename F>
auto WithLocations(const Node& tree, F&& f) {
  try {
    return f();
  } catch (const InputError& e) {
    throw InputError(Located(tree, e.problems()));
  }
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_LOCATED_H_
