#include "framework/verdict/scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nabla {
namespace {

Curves Make(const std::vector<std::vector<double>>& rows) {
  Curves curves(rows.size(), rows[0].size());
  for (size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(), curves[i].begin());
  }
  return curves;
}

const Curves kCurves = Make({{1, 5}, {2, 5}, {2, 5}, {4, 5}, {16, 5}});

TEST(ScoresTest, ColumnsAreMadeComparable) {
  const Curves z = Standardised(kCurves);
  EXPECT_NEAR(z[0][0], (1 - 5.0) / std::sqrt(31.2), 1e-12);
  EXPECT_NEAR(z[4][0], (16 - 5.0) / std::sqrt(31.2), 1e-12);
  const Curves soft = Softened(kCurves);  // median 2, deviations 1 0 0 2 14: MAD 1
  EXPECT_NEAR(soft[0][0], -std::asinh(1 / 1.4826), 1e-12);
  EXPECT_EQ(soft[1][0], 0);
  EXPECT_NEAR(soft[4][0], std::asinh(14 / 1.4826), 1e-12);
  const Curves ranks = NormalScores(kCurves);  // scipy.stats.norm.ppf of 1/6, 2.5/6, 4/6, 5/6
  EXPECT_NEAR(ranks[0][0], -0.9674215661017014, 1e-12);
  EXPECT_NEAR(ranks[1][0], -0.21042839424792467, 1e-12);
  EXPECT_EQ(ranks[1][0], ranks[2][0]);
  EXPECT_NEAR(ranks[3][0], 0.43072729929545756, 1e-12);
  EXPECT_NEAR(ranks[4][0], 0.9674215661017014, 1e-12);
  for (const Curves& mapped : {z, soft, ranks}) {
    for (size_t i = 0; i < mapped.n(); ++i) EXPECT_EQ(mapped[i][1], 0);
  }
}

TEST(ScoresTest, MoreThanHalfEqualStillHasAWidth) {
  const Curves soft = Softened(Make({{1}, {1}, {1}, {1}, {6}}));
  EXPECT_EQ(soft[0][0], 0);
  EXPECT_NEAR(soft[4][0], std::asinh(5 / 2.0), 1e-12);
}

TEST(ScoresTest, NeighboursAreAFifthWithinBounds) {
  EXPECT_EQ(Neighbours(2), 1u);
  EXPECT_EQ(Neighbours(4), 2u);
  EXPECT_EQ(Neighbours(40), 8u);
  EXPECT_EQ(Neighbours(1000), 10u);
}

TEST(ScoresTest, DistancesToTheNearestTwo) {
  const Curves curves = Make({{0, 0}, {3, 4}, {0, 1}, {0, 2}});
  const std::vector<double> distances = NeighbourDistances(curves);
  EXPECT_NEAR(distances[0], 1.5, 1e-12);
  EXPECT_NEAR(distances[1], (std::sqrt(13.0) + std::sqrt(18.0)) / 2, 1e-12);
  EXPECT_NEAR(distances[2], 1, 1e-12);
  EXPECT_NEAR(distances[3], 1.5, 1e-12);
  // Curve 0 has 2 and 3 beside it, curve 2 has 0 and 3; curve 1 is far from both of its own.
  const std::vector<double> factors = LocalOutlierFactors(curves);
  EXPECT_NEAR(factors[0], 1.5 / 1.25, 1e-12);
  EXPECT_NEAR(factors[2], 1 / 1.5, 1e-12);
  EXPECT_NEAR(factors[1], distances[1] / 1.25, 1e-12);
}

TEST(ScoresTest, EqualDistancesCountAsEquallyNear) {
  // Both 1 and 3 are second nearest to 2, after 2's twin.
  const std::vector<double> factors = LocalOutlierFactors(Make({{2}, {2}, {1}, {3}}));
  EXPECT_NEAR(factors[0], 0.5 / ((0.5 + 1 + 1) / 3), 1e-12);
  EXPECT_EQ(factors[0], factors[1]);
  EXPECT_EQ(factors[2], factors[3]);
  const std::vector<double> equal = LocalOutlierFactors(Make({{2}, {2}, {2}, {2}}));
  EXPECT_EQ(equal, std::vector<double>(4, 1));
  const std::vector<double> beside = LocalOutlierFactors(Make({{2}, {2}, {2}, {5}}));
  EXPECT_EQ(beside[3], std::numeric_limits<double>::infinity());
}

// The constants are numpy's, with h = diag(Z @ inv(Z.T @ Z + 1e-4 * trace(Z.T @ Z) * I) @ Z.T).
TEST(ScoresTest, LeveragesOfMoreAndOfFewerFiguresThanCurves) {
  const std::vector<double> tall = Leverages(Make({{1, 2}, {0, 1}, {-1, 0}, {0, -3}}));
  const std::vector<double> wide = Leverages(Make({{1, 2, 0, 1}, {0, 1, 3, -1}, {-1, 0, 2, 2}}));
  const std::vector<double> expected_tall = {1.3983385661489054, 0.0908826628832357,
                                             1.3968073048856051, 2.9968046859495607};
  const std::vector<double> expected_wide = {2252.096003431508, 3527.047676198449,
                                             2875.876417544801};
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(tall[i] / expected_tall[i], 1, 1e-8);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(wide[i] / expected_wide[i], 1, 1e-8);
  EXPECT_EQ(Leverages(Curves(3, 2)), std::vector<double>(3, 0));
}

}  // namespace
}  // namespace nabla
