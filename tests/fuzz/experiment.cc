// An experiment is refused, or what it is printed as with all defaults is an experiment that prints
// the same.
#include "framework/config/tree.h"
#include "framework/spec/spec.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/trees.h"
#include "tests/plugins/builtins.h"

namespace nabla {
namespace {

constexpr size_t kMostBytes = 20000;

Node Resolved(const Node& tree) { return ResolvedConfig(ParseAnyExperiment(tree, Builtins())); }

void Try(std::span<const uint8_t> bytes) {
  Node tree, resolved, again;
  if (!Accepts([&] { tree = ParseYaml(Chars(bytes), "fuzz"); })) return;
  if (!Accepts([&] { resolved = Resolved(tree); })) return;
  const std::string text = PrintYaml(resolved);
  Require(Accepts([&] { again = Resolved(ParseYaml(text, "printed")); }),
          "a printed experiment is an experiment");
  Require(SameTree(resolved, again), "and the same one");
}

}  // namespace
}  // namespace nabla

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size <= nabla::kMostBytes) nabla::Try({data, size});
  return 0;
}
