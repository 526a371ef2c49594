#include "framework/config/override.h"

#include <charconv>

#include "framework/config/path.h"

namespace nabla {
namespace {

struct Override {
  Place place;
  std::vector<std::string> path;
  Node value;
};

[[noreturn]] void Fail(const Override& o, const std::string& message) {
  throw InputError(std::vector<Problem>{{o.place, message}});
}

// As deep as a file may nest.
constexpr size_t kMaxDepth = 32;

void SplitPath(const std::string& path, Override* o) {
  for (const std::string_view step : PathSteps(path)) {
    if (step.empty()) Fail(*o, "an empty name in the path \"" + path + "\"");
    o->path.emplace_back(step);
    if (o->path.size() > kMaxDepth) {
      Fail(*o, "nested deeper than " + std::to_string(kMaxDepth) + " levels");
    }
  }
}

Override Parse(const std::string& assignment) {
  Override o;
  o.place.origin = "command line: " + assignment;
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) Fail(o, "expected key=value");
  SplitPath(assignment.substr(0, equals), &o);
  o.value = ParseYamlValue(assignment.substr(equals + 1), o.place.origin);
  return o;
}

// The element of a list that a path step such as "0" names.
Node& Item(Node& list, const std::string& step, const Override& o) {
  size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc() || end != step.data() + step.size() || index >= list.items.size()) {
    Fail(o, "\"" + step + "\" is not an index into a list of " + std::to_string(list.items.size()) +
                " (indices start at 0)");
  }
  return list.items[index];
}

Node& Descend(Node& node, const std::string& step, const Override& o) {
  if (node.IsList()) return Item(node, step, o);
  if (node.IsScalar()) {
    // A plugin written as a bare name becomes a map, to make room for parameters. The map's place
    // is the command line, which is at fault where no map is allowed.
    Node map = Node::Map(o.place);
    map.Set("name", node, node.place);
    node = std::move(map);
  }
  if (node.IsNull()) node = Node::Map(o.place);
  if (Node* found = node.Find(step)) return *found;
  Node empty;
  empty.place = o.place;
  node.Set(step, std::move(empty), o.place);
  return *node.Find(step);
}

void Apply(Node& root, const Override& o) {
  Node* node = &root;
  for (const std::string& step : o.path) node = &Descend(*node, step, o);
  *node = o.value;
}

}  // namespace

void ApplyOverride(Node& root, const std::string& assignment) { Apply(root, Parse(assignment)); }

void SetAtPath(Node& root, const std::string& path, const Node& value) {
  Override o{.place = value.place, .path = {}, .value = value};
  SplitPath(path, &o);
  Apply(root, o);
}

}  // namespace nabla
