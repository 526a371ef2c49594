#include "framework/verdict/exact.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace nabla {
namespace {

// Two digits of a loss, epoch by epoch: off by `off[i]` where the digits differ, moved by
// `drift[i]`.
std::vector<ExactFigure> Figures(const std::vector<double>& off, const std::vector<double>& drift) {
  std::vector<ExactFigure> figures;
  for (size_t i = 0; i < off.size(); ++i) {
    figures.push_back({.epoch = static_cast<int64_t>(i) + 1,
                       .same = std::abs(off[i]) <= 0.005,
                       .off = off[i],
                       .rounding = 0.005,
                       .drift = drift[i]});
  }
  return figures;
}

TEST(ExactTest, AllDigits) {
  const ExactResult result = CompareExactly(Figures({0.001, -0.004, 0}, {0, 0, 0}), kNudgedRuns);
  EXPECT_EQ(result.finding, Finding::kExactly);
  EXPECT_EQ(result.same, 3u);
  EXPECT_FALSE(result.first);
}

TEST(ExactTest, RoundingExplainsADriftAsFar) {
  const ExactResult result = CompareExactly(
      Figures({0, 0.001, 0.02, 0, -0.3}, {1e-9, 1e-5, 0.003, 0.001, 0.05}), kNudgedRuns);
  EXPECT_EQ(result.finding, Finding::kExactThenRounding);
  EXPECT_EQ(result.same, 3u);
  EXPECT_EQ(result.first, 2u);
  EXPECT_EQ(result.up_to, 2);
  EXPECT_EQ(result.drift, 0.003);
}

TEST(ExactTest, ASmallerDriftExplainsNothing) {
  const ExactResult result =
      CompareExactly(Figures({0, 0.001, 0.02}, {1e-9, 1e-8, 1e-7}), kNudgedRuns);
  EXPECT_EQ(result.finding, Finding::kNotReproduced);
  EXPECT_EQ(result.first, 2u);
  EXPECT_TRUE(result.begins_alike);
  // One value too far is enough, however well the others fit.
  EXPECT_EQ(CompareExactly(Figures({0, 0.02, 5}, {1e-9, 0.01, 0.02}), kNudgedRuns).finding,
            Finding::kNotReproduced);
  // A chaotic net is no excuse before it has become chaotic.
  EXPECT_EQ(CompareExactly(Figures({0, 0.02, 0}, {1e-9, 1e-7, 9}), kNudgedRuns).finding,
            Finding::kNotReproduced);
}

// Whether rounding explains it is not known yet.
TEST(ExactTest, IsNotJudgedBeforeAllNudgedRunsHaveEnded) {
  const auto figures = Figures({0, 0.001, 0.02}, {0, 0, 0});
  for (const size_t nudged : {size_t{0}, kNudgedRuns - 1}) {
    const ExactResult result = CompareExactly(figures, nudged);
    EXPECT_EQ(result.finding, Finding::kNotJudged);
    EXPECT_TRUE(result.begins_alike);
  }
  EXPECT_EQ(CompareExactly(Figures({0.02, 0.02}, {0, 0}), 0).finding, Finding::kNotReproduced);
  EXPECT_EQ(CompareExactly(Figures({0, 0.001}, {0, 0}), 0).finding, Finding::kExactly);
}

TEST(ExactTest, DigitsThatNeverAgreeAreNotExplained) {
  const ExactResult result = CompareExactly(Figures({0.02, 0.02}, {1, 1}), kNudgedRuns);
  EXPECT_EQ(result.finding, Finding::kNotReproduced);
  EXPECT_EQ(result.first, 0u);
  EXPECT_FALSE(result.begins_alike);
}

TEST(ExactTest, AValueThatTheRunLacksDiffers) {
  std::vector<ExactFigure> figures = Figures({0, std::nan("")}, {0, 1});
  const ExactResult result = CompareExactly(figures, kNudgedRuns);
  EXPECT_EQ(result.finding, Finding::kNotReproduced);
  EXPECT_EQ(result.first, 1u);
}

// Values of another scale say nothing of how far a loss may drift, and files may list series one
// after the other.
TEST(ExactTest, SeriesAreComparedInOrderOfEpochs) {
  std::vector<ExactFigure> figures = Figures({0, 0, 0.02}, {0, 0, 1e-9});
  figures.push_back({.epoch = 2, .series = 1, .same = false, .off = 90, .drift = 80});
  ExactResult result = CompareExactly(figures, kNudgedRuns);
  EXPECT_EQ(result.first, 3u);
  EXPECT_EQ(result.up_to, 1);
  EXPECT_EQ(result.finding, Finding::kNotReproduced);
  figures[2].drift = 0.002;
  EXPECT_EQ(CompareExactly(figures, kNudgedRuns).finding, Finding::kExactThenRounding);
}

}  // namespace
}  // namespace nabla
