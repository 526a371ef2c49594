#include "framework/search/pairs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace nabla {
namespace {

using Pairs = std::vector<std::pair<size_t, size_t>>;

bool Always(size_t, size_t) { return true; }

TEST(EffectScaleTest, FactorsAndOddsAdd) {
  EXPECT_NEAR(OnEffectScale(6, 0) - OnEffectScale(2, 0), std::log(3), 1e-12);
  EXPECT_NEAR(OnEffectScale(0.8, 1e9), std::log(4), 1e-6);
  EXPECT_TRUE(std::isfinite(OnEffectScale(0, 0)));
  EXPECT_GT(OnEffectScale(std::numeric_limits<double>::quiet_NaN(), 0), OnEffectScale(100, 0));
}

// All of 30 rows right is not far from all but one.
TEST(EffectScaleTest, ASmallShareOfRowsHasALimit) {
  EXPECT_NEAR(OnEffectScale(1, 30), std::log(61), 1e-12);
  EXPECT_NEAR(OnEffectScale(0, 30), -std::log(61), 1e-12);
  EXPECT_NEAR(OnEffectScale(29.0 / 30, 30), std::log(29.5 / 1.5), 1e-12);
}

TEST(EffectScaleTest, SmallChanges) {
  const double loss = OnEffectScale(0.501, 0) - OnEffectScale(0.5, 0);
  EXPECT_NEAR(ChangeOnEffectScale(0.5, 0.001, 0), loss, 1e-5);
  const double share = OnEffectScale(0.8001, 100) - OnEffectScale(0.8, 100);
  EXPECT_NEAR(ChangeOnEffectScale(0.8, 0.0001, 100), share, 2e-5);
  EXPECT_EQ(ChangeOnEffectScale(0, 0.001, 0), 1) << "printed as 0.00: of its own size";
  EXPECT_EQ(ChangeOnEffectScale(0.5, 0, 0), 0);
}

// No effect alone is near to what is wanted; the sum of 1 and 3 is, that of 2 and 3 would be.
TEST(PairsTest, AddUpToWhatIsWanted) {
  const Effects effects = {.wanted = {1, -2, 0.5},
                           .width = {0.05, 0.05, 0.05},
                           .known = {{}, {1, 0, 0}, {1.1, 0, -0.1}, {0, -2, 0.5}, {3, 3, 3}, {}},
                           .rarity = {}};
  EXPECT_EQ(LikeliestPairs(effects, 2, Always), (Pairs{{1, 3}, {2, 3}}));
  const auto not_one = [](size_t a, size_t b) { return a != 1 && b != 1; };
  EXPECT_EQ(LikeliestPairs(effects, 1, not_one), (Pairs{{2, 3}}));
  EXPECT_EQ(LikeliestPairs(effects, 99, Always).size(), 6u) << "of what is known";
  EXPECT_TRUE(LikeliestPairs({}, 3, Always).empty());
}

TEST(PairsTest, SmallEffectsThatFitAreLikelierThanLargeOnes) {
  const Effects effects = {
      .wanted = {1}, .width = {0.05}, .known = {{0.5}, {0.5}, {9}, {-8}}, .rarity = {}};
  EXPECT_EQ(LikeliestPairs(effects, 1, Always), (Pairs{{0, 1}}));
}

// Equally near, but for what people seldom do.
TEST(PairsTest, RareOnesComeLater) {
  Effects effects = {
      .wanted = {1}, .width = {0.05}, .known = {{0.5}, {0.5}, {0.5}}, .rarity = {0.2, 0}};
  EXPECT_EQ(LikeliestPairs(effects, 1, Always), (Pairs{{1, 2}}));
  effects.rarity.clear();
  EXPECT_EQ(LikeliestPairs(effects, 1, Always), (Pairs{{0, 1}}));
}

// 0 comes near alone. With 1 it comes nearer, with 3 farther off; 2 changes nothing, and 3 with 4
// has no part of it.
TEST(PairsTest, BesideWhatFitsAlone) {
  const Effects effects = {.wanted = {1, -2},
                           .width = {0.2, 0.2},
                           .known = {{1, -1.5}, {0, -0.5}, {0, 0}, {0.5, -1}, {0.5, -1}},
                           .rarity = {}};
  const std::vector<size_t> alone = {0, 99};
  EXPECT_EQ(PairsBeside(effects, 9, alone, Always), (Pairs{{0, 1}, {0, 2}}));
  EXPECT_TRUE(PairsBeside(effects, 9, {}, Always).empty());
  EXPECT_TRUE(PairsBeside(effects, 0, alone, Always).empty());
}

// Against scipy: stats.t.logpdf(0, 4) - stats.t.logpdf(z, 4) is 5 / 2 log(1 + z^2 / 4).
TEST(PairsTest, TheDistanceIsStudents) {
  const Effects effects = {.wanted = {2}, .width = {0}, .known = {}, .rarity = {}};
  const std::vector<double> a = {1};
  const std::vector<double> b = {0};
  const double width = std::sqrt(0.04 + 1e-6);
  EXPECT_NEAR(DistanceOfSum(effects, a, b),
              2.5 * std::log1p(1 / (width * width) / 4) + std::log(width), 1e-12);
}

}  // namespace
}  // namespace nabla
