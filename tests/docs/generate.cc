// Prints docs/experiments.md.
#include <cstdio>

#include "plugins/builtin.h"
#include "tests/docs/reference.h"

int main() {
  nabla::Registry registry;
  nabla::RegisterBuiltins(registry);
  std::fputs(nabla::ExperimentReference(registry).c_str(), stdout);
  return 0;
}
