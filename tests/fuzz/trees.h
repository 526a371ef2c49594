// Invariants of configuration trees.
#ifndef NABLA_TESTS_FUZZ_TREES_H_
#define NABLA_TESTS_FUZZ_TREES_H_

#include "framework/config/node.h"

namespace nabla {

// That printing and reading gives the tree back. Text longer than ParseYaml takes is let off.
void RequireRoundTrip(const Node& tree);

}  // namespace nabla

#endif  // NABLA_TESTS_FUZZ_TREES_H_
