// Finding the values of an experiment's tree that has every default, to change them.
#ifndef NABLA_FRAMEWORK_SPEC_TREE_EDITS_H_
#define NABLA_FRAMEWORK_SPEC_TREE_EDITS_H_

#include <string>
#include <vector>

#include "framework/config/node.h"

namespace nabla {

double NumberOf(const Node& node);

// The value of section.key; null if there is none.
Node* Find(Node& root, const char* section, const char* key);

// A layer, with the path that overrides name it by: "model.2", "model.3.layers.0".
struct LayerAt {
  std::string path;
  Node* node = nullptr;
};

// In the order of the data, those inside residuals included.
std::vector<LayerAt> LayersOf(Node& root);

// Those that have the key.
std::vector<LayerAt> LayersWith(Node& root, const char* key);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_TREE_EDITS_H_
