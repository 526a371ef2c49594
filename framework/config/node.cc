#include "framework/config/node.h"

#include <algorithm>
#include <utility>

namespace nabla {
namespace {

// The text for one line of a message; long text is cut between two UTF-8 characters and ends in
// "...".
std::string Shown(const std::string& text) {
  constexpr size_t kMostBytes = 80;
  std::string shown = text;
  if (shown.size() > kMostBytes) {
    size_t end = kMostBytes;
    while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80) --end;
    shown = shown.substr(0, end) + "...";
  }
  std::replace(shown.begin(), shown.end(), '\n', ' ');
  return shown;
}

}  // namespace

Node Node::Scalar(std::string text, Place place) {
  Node node;
  node.kind = Kind::kScalar;
  node.text = std::move(text);
  node.place = std::move(place);
  return node;
}

Node Node::List() { return List(std::vector<Node>()); }

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
      return "'" + Shown(text) + "'";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  return "";
}

}  // namespace nabla
