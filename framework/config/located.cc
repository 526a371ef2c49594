#include "framework/config/located.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace nabla {
namespace {

// The last node along the path that the tree has; nullptr if it lacks the first step.
const Node* Deepest(const Node& tree, std::string_view path) {
  const Node* deepest = nullptr;
  const Node* node = &tree;
  while (!path.empty()) {
    const size_t dot = std::min(path.find('.'), path.size());
    node = node->Find(path.substr(0, dot));
    if (node == nullptr) break;
    deepest = node;
    path.remove_prefix(std::min(dot + 1, path.size()));
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
