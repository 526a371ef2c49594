#include "framework/config/located.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/config/path.h"

namespace nabla {
namespace {

// The last node along the path that the tree has; nullptr if it lacks the first step.
const Node* Deepest(const Node& tree, std::string_view path) {
  const Node* deepest = nullptr;
  const Node* node = &tree;
  for (const std::string_view step : PathSteps(path)) {
    if ((node = node->Find(step)) == nullptr) break;
    deepest = node;
  }
  return deepest;
}

}  // namespace

std::vector<Problem> Located(const Node& tree, std::vector<Problem> problems) {
  for (Problem& problem : problems) {
    if (!problem.place.origin.empty() || !tree.IsMap()) continue;
    const std::string_view message = problem.message;
    const size_t end = std::min(message.find_first_of(" :,"), message.size());
    if (const Node* node = Deepest(tree, message.substr(0, end))) problem.place = node->place;
  }
  return problems;
}

}  // namespace nabla
