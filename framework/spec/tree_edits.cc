#include "framework/spec/tree_edits.h"

#include <cstdlib>

namespace nabla {
namespace {

void AddLayers(Node& list, const std::string& path, std::vector<LayerAt>* layers) {
  for (size_t i = 0; i < list.items.size(); ++i) {
    const std::string own = path + "." + std::to_string(i);
    if (Node* inside = list.items[i].Find("layers"); inside != nullptr) {
      AddLayers(*inside, own + ".layers", layers);
    } else {
      layers->push_back({own, &list.items[i]});
    }
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
