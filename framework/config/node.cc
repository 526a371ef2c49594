#include "framework/config/node.h"

#include <utility>

namespace nabla {

Node Node::Scalar(std::string text, Place place) {
  Node node;
  node.kind = Kind::kScalar;
  node.text = std::move(text);
  node.place = std::move(place);
  return node;
}

Node Node::List(std::vector<Node> items, Place place) {
  Node node;
  node.kind = Kind::kList;
  node.items = std::move(items);
  node.place = std::move(place);
  return node;
}

Node Node::Map(Place place) {
  Node node;
  node.kind = Kind::kMap;
  node.place = std::move(place);
  return node;
}

const Node* Node::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node* Node::Find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).Find(key)); }

void Node::Set(std::string key, Node value, Place key_place) {
  if (Node* found = Find(key)) {
    *found = std::move(value);
    return;
  }
  entries.push_back({std::move(key), std::move(key_place), std::move(value)});
}

std::string Node::Describe() const {
  switch (kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kScalar:
      return "'" + text + "'";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  return "";
}

}  // namespace nabla
