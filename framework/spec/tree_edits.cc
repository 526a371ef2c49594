#include "framework/spec/tree_edits.h"

#include <cstdlib>

namespace nabla {
namespace {

void AddLayers(Node& list, const std::string& path, std::vector<LayerAt>* layers) {
  for (size_t i = 0; i < list.items.size(); ++i) {
    const std::string own = path + "." + std::to_string(i);
    bool block = false;
    for (const char* key : {"layers", "projection"}) {
      Node* inside = list.items[i].Find(key);
      if (inside != nullptr) AddLayers(*inside, own + "." + key, layers);
      block = block || inside != nullptr;
    }
    if (Node* paths = list.items[i].Find("paths"); paths != nullptr) {
      block = true;
      for (size_t k = 0; k < paths->items.size(); ++k) {
        AddLayers(paths->items[k], own + ".paths." + std::to_string(k), layers);
      }
    }
    if (!block) layers->push_back({own, &list.items[i]});
  }
}

}  // namespace

double NumberOf(const Node& node) { return std::strtod(node.text.c_str(), nullptr); }

Node* Find(Node& root, const char* section, const char* key) {
  Node* found = root.Find(section);
  return found != nullptr ? found->Find(key) : nullptr;
}

std::vector<LayerAt> LayersOf(Node& root) {
  std::vector<LayerAt> layers;
  if (Node* model = root.Find("model"); model != nullptr) AddLayers(*model, "model", &layers);
  return layers;
}

std::vector<LayerAt> LayersWith(Node& root, const char* key) {
  std::vector<LayerAt> layers = LayersOf(root);
  std::erase_if(layers, [key](const LayerAt& layer) { return layer.node->Find(key) == nullptr; });
  return layers;
}

}  // namespace nabla
