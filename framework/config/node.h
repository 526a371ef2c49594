// The tree that every configuration text is parsed into; every value knows its place.
#ifndef NABLA_FRAMEWORK_CONFIG_NODE_H_
#define NABLA_FRAMEWORK_CONFIG_NODE_H_

#include <string>
#include <string_view>
#include <vector>

#include "framework/base/error.h"

namespace nabla {

// A value with the place where it was written. Plain data: copying copies the subtree.
struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  Place place;
  std::string text;            // of a scalar
  bool quoted = false;         // a quoted scalar is never a number, a bool or null
  std::vector<Node> items;     // of a list
  std::vector<Entry> entries;  // of a map, in the order written; keys are unique

  static Node Scalar(std::string text, Place place = {});
  static Node List();
  static Node List(std::vector<Node> items, Place place = {});
  static Node Map(Place place = {});

  bool IsNull() const { return kind == Kind::kNull; }
  bool IsScalar() const { return kind == Kind::kScalar; }
  bool IsList() const { return kind == Kind::kList; }
  bool IsMap() const { return kind == Kind::kMap; }

  // The value under `key`, or nullptr.
  const Node* Find(std::string_view key) const;
  Node* Find(std::string_view key);
  // Replaces or appends.
  void Set(std::string key, Node value, Place key_place = {});

  // "a list", "a map", "nothing", "'text'": for messages.
  std::string Describe() const;
};

struct Node::Entry {
  std::string key;
  Place place;  // of the key
  Node value;
};

// Reads one YAML document. Throws InputError with the place for: text over 1 MiB, bytes that are
// not UTF-8, syntax errors, duplicate or non-scalar keys, a second document, anchors, aliases,
// tags, and nesting deeper than 32.
Node ParseYaml(std::string_view text, const std::string& origin);

// Reads a flow value such as the right side of `key=value`.
Node ParseYamlValue(std::string_view text, const std::string& origin);

// Writes block-style YAML that ParseYaml reads back to an equal tree.
std::string PrintYaml(const Node& node);

// Sets path=value in the tree, e.g. "model.0.units=64"; a plugin written as a bare name becomes a
// map first. Throws InputError placed at "command line: <assignment>".
void ApplyOverride(Node& root, const std::string& assignment);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_CONFIG_NODE_H_
