#include "framework/config/flat.h"

namespace nabla {
namespace {

void Add(const Node& node, const std::string& path, std::map<std::string, std::string>* all) {
  if (node.IsScalar()) (*all)[path] = node.text;
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const Node::Entry& entry : node.entries) Add(entry.value, prefix + entry.key, all);
  for (size_t i = 0; i < node.items.size(); ++i) {
    Add(node.items[i], prefix + std::to_string(i), all);
  }
}

}  // namespace

std::map<std::string, std::string> FlatScalars(const Node& root) {
  std::map<std::string, std::string> all;
  Add(root, "", &all);
  return all;
}

}  // namespace nabla
