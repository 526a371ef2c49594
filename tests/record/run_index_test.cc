#include "framework/record/run_index.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace nabla {
namespace {

// More than the values that a statement of SQLite takes.
TEST(RunIndexTest, ComparesAnyNumberOfRuns) {
  const std::string folder = testing::TempDir() + "run_index";
  std::filesystem::create_directories(folder);
  const RunIndex index(folder);
  std::vector<IndexedRun> runs(300000);
  for (size_t i = 0; i < runs.size(); ++i) runs[i].path = std::to_string(i);
  EXPECT_TRUE(index.DifferingKeys(runs).empty());
}

}  // namespace
}  // namespace nabla
