#include "framework/report/importance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace nabla {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

const KeyImportance& KeyOf(const Importance& importance, const std::string& key) {
  return importance.keys[importance.keys[0].key == key ? 0 : 1];
}

std::vector<RankedRun> Grid() {
  std::vector<RankedRun> runs;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int s = 0; s < 3; ++s) {
        const bool failed = i == 2 && j == 2 && s != 1;
        const int cost = (29 * i + 13 * j * j + 17 * s + 5 * i * j) * 31 % 97 + 100 * i;
        runs.push_back({{std::to_string(i), std::to_string(j)}, failed ? kInfinity : cost});
      }
    }
  }
  return runs;
}

// The numbers are scipy.stats.kruskal(...).statistic / (N - 1) of the same costs, with 1e9 for the
// runs that failed.
TEST(ImportanceTest, OfAGridIsThatOfKruskalAndWallis) {
  const auto found = FindImportance({"i", "j"}, Grid());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->runs, 27u);
  EXPECT_EQ(found->settings, 9u);
  EXPECT_EQ(found->keys[0].key, "i");
  EXPECT_NEAR(KeyOf(*found, "i").share, 0.8903816793893129, 1e-12);
  EXPECT_NEAR(KeyOf(*found, "j").share, 0.0175063613231547, 1e-12);
  EXPECT_NEAR(found->seeds.value(), 1 - 0.9180661577608137, 1e-12);
  EXPECT_NEAR(
      KeyOf(*found, "i").share + KeyOf(*found, "j").share + *found->combinations + *found->seeds, 1,
      1e-12);
  EXPECT_TRUE(KeyOf(*found, "i").beyond_chance());
  EXPECT_FALSE(KeyOf(*found, "j").beyond_chance());
}

// Drawn numbers are put into four classes of neighbours.
TEST(ImportanceTest, OfDrawnSettingsIsEstimatedFromClasses) {
  std::vector<RankedRun> runs;
  for (int k = 0; k < 20; ++k) {
    const double x = std::round(std::pow(10, -4 + 4 * (k * 7 % 20) / 20.0) * 1e6) / 1e6;
    const std::string y = k * 3 % 20 < 9 ? "b" : "a";
    const double cost = std::abs(std::log10(x) + 2) + (y == "a" ? 0.3 : 0) + 0.1 * (k * k % 7);
    runs.push_back({{std::to_string(x), y}, cost});
  }
  const auto found = FindImportance({"x", "y"}, runs);
  ASSERT_TRUE(found);
  EXPECT_NEAR(KeyOf(*found, "x").share, 0.7521804511278194, 1e-12);
  EXPECT_NEAR(KeyOf(*found, "y").share, 0.08270676691729313, 1e-12);
  EXPECT_TRUE(KeyOf(*found, "x").beyond_chance());
  EXPECT_FALSE(KeyOf(*found, "y").beyond_chance());
  EXPECT_FALSE(found->combinations);
  EXPECT_FALSE(found->seeds);
}

// Of keys without an effect one in 20 seems to have one.
TEST(ImportanceTest, ChanceIsAsRareAsItSays) {
  int beyond = 0;
  int all = 0;
  uint64_t state = 1;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<RankedRun> runs;
    for (int setting = 0; setting < 12; ++setting) {
      for (int seed = 0; seed < 2; ++seed) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        runs.push_back({{std::to_string(setting % 3), std::to_string(setting / 3)},
                        static_cast<double>(state >> 33)});
      }
    }
    const auto found = FindImportance({"a", "b"}, runs);
    ASSERT_TRUE(found);
    for (const KeyImportance& key : found->keys) {
      beyond += key.beyond_chance();
      ++all;
    }
  }
  EXPECT_LT(beyond, all / 10);
  EXPECT_GT(beyond, all / 80);
}

TEST(ImportanceTest, SeedsTellOfASingleKey) {
  const std::vector<RankedRun> runs = {{{"a"}, 1}, {{"a"}, 2}, {{"a"}, 3},
                                       {{"b"}, 4}, {{"b"}, 5}, {{"b"}, 6}};
  const auto found = FindImportance({"key"}, runs);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->keys[0].share + found->seeds.value(), 1, 1e-12);
  EXPECT_FALSE(found->combinations);
}

TEST(ImportanceTest, SaysNothingWhereNothingCanBeTold) {
  EXPECT_FALSE(FindImportance({}, {}));
  EXPECT_FALSE(FindImportance({"a"}, {{{"1"}, 1}, {{"2"}, 2}}));
  // Three settings of two keys.
  EXPECT_FALSE(FindImportance({"a", "b"}, {{{"1", "1"}, 1}, {{"1", "2"}, 2}, {{"2", "1"}, 3}}));
  EXPECT_FALSE(FindImportance({"a", "b"}, {{{"1", "1"}, 1},
                                           {{"1", "1"}, 2},
                                           {{"1", "2"}, 3},
                                           {{"1", "2"}, 4},
                                           {{"2", "1"}, 5},
                                           {{"2", "1"}, 6}}));
  // All failed.
  std::vector<RankedRun> runs = Grid();
  for (RankedRun& run : runs) run.cost = std::nan("");
  EXPECT_FALSE(FindImportance({"i", "j"}, runs));
  // One setting.
  EXPECT_FALSE(FindImportance({"a"}, {{{"1"}, 1}, {{"1"}, 2}}));
}

}  // namespace
}  // namespace nabla
