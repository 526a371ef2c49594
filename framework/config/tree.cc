#include "framework/config/tree.h"

#include <algorithm>
#include <charconv>

#include "framework/config/path.h"

namespace nabla {

const Node* Child(const Node& node, std::string_view step) {
  if (!node.IsList()) return node.Find(step);
  size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool is_index = error == std::errc() && end == step.data() + step.size();
  return is_index && index < node.items.size() ? &node.items[index] : nullptr;
}

const Node* NodeAt(const Node& root, std::string_view path) {
  const Node* node = &root;
  if (path.empty()) return node;
  for (const std::string_view step : PathSteps(path)) {
    if ((node = Child(*node, step)) == nullptr) break;
  }
  return node;
}

bool SameTree(const Node& a, const Node& b) {
  return a.kind == b.kind && a.text == b.text &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), SameTree) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                    [](const Node::Entry& x, const Node::Entry& y) {
                      return x.key == y.key && SameTree(x.value, y.value);
                    });
}

}  // namespace nabla
