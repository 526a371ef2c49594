// Feeds every file of the folders in NABLA_CORPUS (relative to the runfiles, separated by colons)
// to a fuzz target, which ends the program where something is wrong.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

TEST(Corpus, EveryFileHoldsTheInvariant) {
  size_t files = 0;
  std::istringstream folders(std::getenv("NABLA_CORPUS"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto root = std::filesystem::path(std::getenv("TEST_SRCDIR")) / "nabla" / folder;
    for (const auto& file : std::filesystem::directory_iterator(root)) {
      // The last one shown is the one that ends the program.
      std::fprintf(stderr, "%s\n", file.path().c_str());
      std::ifstream in(file.path(), std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
      LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      ++files;
    }
  }
  EXPECT_GE(files, 3u);
  LLVMFuzzerTestOneInput(nullptr, 0);
}

}  // namespace
