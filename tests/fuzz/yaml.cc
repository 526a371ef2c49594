// A tree that is read is printed to text that reads to the same tree.
#include "framework/config/node.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/trees.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  Node tree;
  if (!Accepts([&] { tree = ParseYaml(Chars({data, size}), "fuzz"); })) return 0;
  RequireRoundTrip(tree);
  return 0;
}
