#include "tests/fuzz/trees.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

namespace nabla {

bool SameTree(const Node& a, const Node& b) {
  return a.kind == b.kind && a.text == b.text &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), SameTree) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                    [](const Node::Entry& x, const Node::Entry& y) {
                      return x.key == y.key && SameTree(x.value, y.value);
                    });
}

void RequireRoundTrip(const Node& tree) {
  const std::string text = PrintYaml(tree);
  if (text.size() > 1 << 20) return;
  Node again;
  Require(Accepts([&] { again = ParseYaml(text, "printed"); }), "what is printed can be read");
  Require(SameTree(tree, again), "what is printed reads to the same tree");
  Require(PrintYaml(again) == text, "it is printed the same again");
}

}  // namespace nabla
