#include "framework/config/tree.h"

#include <gtest/gtest.h>

namespace nabla {
namespace {

Node Yaml(const std::string& text) { return ParseYaml(text, "f"); }

TEST(Tree, PathsLeadThroughMapsAndLists) {
  const Node tree = Yaml("model:\n  - {name: linear, units: 8}\n  - relu\nlr: 1\n");
  EXPECT_EQ(NodeAt(tree, ""), &tree);
  EXPECT_EQ(NodeAt(tree, "model.0.units")->text, "8");
  EXPECT_EQ(NodeAt(tree, "model.1")->text, "relu");
  for (const char* path :
       {"model.2", "model.-1", "model.01x", "model.x", "lr.0", "rate", "model.0.0"}) {
    EXPECT_EQ(NodeAt(tree, path), nullptr) << path;
  }
}

TEST(Tree, IsTheSameWhereverItStands) {
  EXPECT_TRUE(SameTree(Yaml("a: [1, {b: 2}]\n"), Yaml("\n\na:\n  - 1\n  - b: 2\n")));
  for (const char* other : {"a: [1, {b: 3}]\n", "a: [1, {c: 2}]\n", "a: [1]\n", "a: {b: 2}\n",
                            "a: [{b: 2}, 1]\n", "b: [1, {b: 2}]\n"}) {
    EXPECT_FALSE(SameTree(Yaml("a: [1, {b: 2}]\n"), Yaml(other))) << other;
  }
}

}  // namespace
}  // namespace nabla
