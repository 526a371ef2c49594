// Finds the place in the user's text for errors that show up long after parsing.
#ifndef NABLA_FRAMEWORK_CONFIG_LOCATED_H_
#define NABLA_FRAMEWORK_CONFIG_LOCATED_H_

#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/node.h"

namespace nabla {

// The problems; one without a place gets that of the key in `tree` whose path begins its message:
// "subset.train is 300, but ..." gets the place of subset.train's value.
std::vector<Problem> Located(const Node& tree, std::vector<Problem> problems);

// Returns f(); its InputErrors are rethrown with their places.
template <typename F>
auto WithLocations(const Node& tree, F&& f) {
  try {
    return f();
  } catch (const InputError& e) {
    throw InputError(Located(tree, e.problems()));
  }
}

// Places an InputError that `check` throws at the plugin that it checks.
template <typename F>
void At(const Place& place, F check) {
  try {
    check();
  } catch (const InputError& e) {
    throw InputError(std::vector<Problem>{{place, e.problems().front().message}});
  }
}

// Returns load(); its InputErrors that have no place get this one.
template <typename F>
auto AtUnlessPlaced(const Place& place, F load) {
  try {
    return load();
  } catch (const InputError& e) {
    std::vector<Problem> problems = e.problems();
    for (Problem& problem : problems) {
      if (problem.place.origin.empty()) problem.place = place;
    }
    throw InputError(std::move(problems));
  }
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_LOCATED_H_
