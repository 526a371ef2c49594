// docs/experiments.md says what the program takes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "plugins/builtin.h"
#include "tests/docs/reference.h"

namespace nabla {
namespace {

constexpr const char* kAgain = "bazel run //tests/docs:generate > docs/experiments.md";

TEST(Experiments, PageIsUpToDate) {
  std::ifstream file(std::string(std::getenv("TEST_SRCDIR")) + "/nabla/docs/experiments.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  Registry registry;
  RegisterBuiltins(registry);
  const std::string wanted = ExperimentReference(registry);
  if (page == wanted) return;
  std::istringstream theirs(page), ours(wanted);
  std::string have, want;
  int line = 1;
  while (std::getline(theirs, have) && std::getline(ours, want) && have == want) ++line;
  FAIL() << "docs/experiments.md is out of date from line " << line << " on. Write it again:\n  "
         << kAgain << "\nit says:     " << have << "\nit must say: " << want;
}

}  // namespace
}  // namespace nabla
