// Nodes within a tree, and trees compared.
#ifndef NABLA_FRAMEWORK_CONFIG_TREE_H_
#define NABLA_FRAMEWORK_CONFIG_TREE_H_

#include <string_view>

#include "framework/config/node.h"

namespace nabla {

// The entry of a map, or the item of a list, that one step of a path names ("lr", "0"); nullptr if
// there is none.
const Node* Child(const Node& node, std::string_view step);

// The node at a path such as "model.0.units"; nullptr if there is none.
const Node* NodeAt(const Node& root, std::string_view path);

// Whether both say the same, wherever they stand.
bool SameTree(const Node& a, const Node& b);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_TREE_H_
