// key=value in the first line, a tree below it. Setting a key twice is setting it once.
#include "framework/config/tree.h"
#include "framework/spec/sweep_points.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/trees.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  const std::string text(Chars({data, size}));
  const size_t end = text.find('\n');
  if (end == std::string::npos) return 0;
  const std::string assignment = text.substr(0, end);
  Node tree, swept;
  if (!Accepts([&] { tree = ParseYaml(text.substr(end + 1), "fuzz"); })) return 0;
  swept = tree;
  Accepts([&] { AddToGrid(swept, assignment); });
  if (!Accepts([&] { ApplyOverride(tree, assignment); })) return 0;
  Node twice = tree;
  Require(Accepts([&] { ApplyOverride(twice, assignment); }), "what went once goes twice");
  Require(SameTree(tree, twice), "and changes nothing");
  return 0;
}
