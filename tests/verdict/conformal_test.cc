#include "framework/verdict/conformal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tests/verdict/exchangeable.h"

namespace nabla {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::vector<double>> Runs(Kind kind, uint64_t seed, size_t runs, size_t figures) {
  Exchangeable curves(kind, seed);
  std::vector<std::vector<double>> all;
  for (size_t run = 0; run < runs; ++run) all.push_back(curves.Next(figures));
  return all;
}

Curves ToCurves(const std::vector<std::vector<double>>& rows) {
  Curves curves(rows.size(), rows[0].size());
  for (size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(), curves[i].begin());
  }
  return curves;
}

TEST(ConformalTest, ACurveFarOutHasTheSmallestP) {
  for (const size_t figures : {1, 2, 11, 102}) {
    for (const size_t runs : {3, 5, 30, 60}) {
      const auto ours = Runs(Kind::kAutoregressive, runs, runs, figures);
      const ConformalP far = PAmong(ours, std::vector<double>(figures, 40), 0.005);
      EXPECT_EQ(far.as_far, 0u) << runs << " runs, " << figures << " figures";
      EXPECT_DOUBLE_EQ(far.p(), 1.0 / (static_cast<double>(runs) + 1));
    }
  }
}

TEST(ConformalTest, OneFigureThatDoesNotFitIsFound) {
  const auto ours = Runs(Kind::kAutoregressive, 1, 99, 40);
  size_t found = 0;
  for (uint64_t draw = 0; draw < 20; ++draw) {
    std::vector<double> notebook = Runs(Kind::kAutoregressive, 100 + draw, 1, 40)[0];
    notebook[17] += 6;
    found += PAmong(ours, notebook, 0.005).p() <= 0.05 ? 1 : 0;
  }
  EXPECT_GE(found, 18u);
}

TEST(ConformalTest, OurOwnStrayRunsHideNothing) {
  // A bundle of 38 curves, two that went astray, and a notebook just outside the bundle.
  auto ours = Runs(Kind::kNormal, 3, 40, 20);
  for (double& v : ours[0]) v = 1000 + v;
  for (double& v : ours[1]) v = 5000 - v;
  EXPECT_LE(PAmong(ours, std::vector<double>(20, 6), 0.005).as_far, 2u);
}

// The two facts of which validity consists: no curve is treated apart, and at most i of n curves
// are at a place up to i.
void ExpectValidPlaces(std::vector<std::vector<double>> rows) {
  const std::vector<size_t> before = AsStrange(ToCurves(rows));
  const size_t n = rows.size();
  const size_t shift = n / 3 + 1;
  std::rotate(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shift), rows.end());
  std::swap(rows[0], rows[1]);
  std::vector<size_t> after = AsStrange(ToCurves(rows));
  std::swap(after[0], after[1]);
  for (size_t i = 0; i < n; ++i) EXPECT_EQ(after[i], before[(i + shift) % n]) << i << " of " << n;
  std::sort(after.begin(), after.end());
  for (size_t i = 0; i < n; ++i) EXPECT_GE(after[i], i + 1);
  EXPECT_EQ(after.back(), n);
}

TEST(ConformalTest, PlacesAreValidAtEverySize) {
  for (const Kind kind : kAllKinds) {
    for (const size_t n : {2, 3, 6, 11, 24, 61, 101, 301}) {
      for (const size_t figures : {1, 10, 40}) ExpectValidPlaces(Runs(kind, n, n, figures));
    }
  }
}

TEST(ConformalTest, PlacesAreValidWhereFiguresTieOrAreNotFinite) {
  for (const Kind kind : kAllKinds) {
    for (const size_t n : {6, 24, 101}) {
      auto rows = Runs(kind, 7, n, 12);
      for (std::vector<double>& row : rows) {
        for (double& v : row) v = std::round(2 * v);  // equal figures and equal distances
      }
      rows[5] = rows[2];
      ExpectValidPlaces(rows);
      rows[3][4] = kNaN;
      ExpectValidPlaces(rows);
    }
  }
}

TEST(ConformalTest, EqualDigitsAreEqualNumbers) {
  const std::vector<std::vector<double>> ours(19, {0.92128, 0.3});
  const ConformalP same = PAmong(ours, {0.9213, 0.3}, 0.00005);
  EXPECT_EQ(same.as_far, 19u);
  EXPECT_EQ(same.p(), 1);
  EXPECT_EQ(PAmong(ours, {0.9214, 0.3}, 0.00005).as_far, 0u);
  EXPECT_EQ(PAmong(ours, {0.9213, 0.3}, 0).as_far, 0u);
}

TEST(ConformalTest, ScalesDoNotMatter) {
  // Losses of thousands, shares, a figure that never changes: in one list.
  auto ours = Runs(Kind::kNormal, 4, 30, 9);
  auto scaled = ours;
  for (std::vector<double>& run : scaled) {
    for (size_t k = 0; k < 4; ++k) run[k] = 4096 * run[k];
    for (size_t k = 4; k < 8; ++k) run[k] = run[k] / 1024;
    run[8] = 3;
  }
  for (std::vector<double>& run : ours) run[8] = 0;
  EXPECT_EQ(AsStrange(ToCurves(ours)), AsStrange(ToCurves(scaled)));
}

TEST(ConformalTest, HugeAndTinyFiguresAreNumbersToo) {
  auto ours = Runs(Kind::kNormal, 5, 30, 3);
  for (std::vector<double>& run : ours) run = {1e300 * run[0], 1e-300 * run[1], run[2]};
  EXPECT_EQ(PAmong(ours, {1e305, 1e-295, 50}, 0).as_far, 0u);
  EXPECT_GT(PAmong(ours, {0, 0, 0}, 0).p(), 0.05);
}

TEST(ConformalTest, AFigureThatIsNotFiniteIsStrangeAmongFiniteOnes) {
  const auto ours = Runs(Kind::kNormal, 6, 30, 5);
  for (const double broken : {kNaN, kInfinity, -kInfinity}) {
    const ConformalP p = PAmong(ours, {0, 0, broken, 0, 0}, 0.005);
    EXPECT_EQ(p.as_far, 0u);
    EXPECT_FALSE(p.notebook_finite);
    EXPECT_EQ(p.not_finite, 0u);
  }
}

TEST(ConformalTest, RunsThatAreNotFiniteExcuseNoNotebook) {
  for (const size_t broken : {1, 2, 14, 16, 28}) {
    auto ours = Runs(Kind::kNormal, 6, 30, 5);
    for (size_t run = 0; run < broken; ++run) ours[run][run % 5] = run % 2 == 0 ? kNaN : kInfinity;
    const ConformalP made_up = PAmong(ours, {999, 0.123, 999, 0.123, 999}, 0.005);
    EXPECT_EQ(made_up.as_far, 0u) << broken;
    EXPECT_EQ(made_up.not_finite, broken);
    EXPECT_EQ(made_up.runs, 30u);
  }
}

TEST(ConformalTest, ANotebookThatBrokeIsComparedWithOurBrokenRuns) {
  auto ours = Runs(Kind::kNormal, 6, 30, 5);
  for (size_t run = 0; run < 5; ++run) ours[run][4] = kNaN;
  // Five of ours broke too. Finite ones that lie even farther out may come before them.
  EXPECT_GE(PAmong(ours, {0, 0, 0, 0, kNaN}, 0.005).as_far, 5u);
  for (auto& run : ours) run[4] = kNaN;
  EXPECT_EQ(PAmong(ours, {0, 0, 0, 0, kNaN}, 0.005).p(), 1);
  EXPECT_EQ(PAmong(ours, {0, 0, 0, 0, 0}, 0.005).as_far, 0u);
}

TEST(ConformalTest, FewRunsHaveAP) {
  EXPECT_EQ(ComputeConformalP({}).p(), 1);
  EXPECT_EQ(PAmong({}, {1, 2}, 0.05).p(), 1);
  EXPECT_EQ(PAmong({{3, 4}}, {1, 2}, 0.05).p(), 1);
  EXPECT_EQ(PAmong({{3, 4}, {3, 5}}, {90, 2}, 0.05).p(), 1.0 / 3);
}

}  // namespace
}  // namespace nabla
