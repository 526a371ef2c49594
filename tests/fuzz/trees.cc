#include "tests/fuzz/trees.h"

#include "framework/config/tree.h"
#include "tests/fuzz/fuzz.h"

namespace nabla {

void RequireRoundTrip(const Node& tree) {
  const std::string text = PrintYaml(tree);
  if (text.size() > 1 << 20) return;
  Node again;
  Require(Accepts([&] { again = ParseYaml(text, "printed"); }), "what is printed can be read");
  Require(SameTree(tree, again), "what is printed reads to the same tree");
  Require(PrintYaml(again) == text, "it is printed the same again");
}

}  // namespace nabla
