#include "framework/engine/augmentation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "framework/base/error.h"

namespace nabla {
namespace {

constexpr size_t kSide = 9;
constexpr size_t kSize = kSide * kSide;

// One dot on a picture of `channels` channels; blank elsewhere.
std::vector<double> Dot(size_t channels, size_t y, size_t x, double blank) {
  std::vector<double> picture(channels * kSize, blank);
  for (size_t c = 0; c < channels; ++c) {
    picture[c * kSize + y * kSide + x] = static_cast<double>(c + 1);
  }
  return picture;
}

template <typename T>
std::vector<T> Changed(const Augmentation& augmentation, uint64_t key, size_t channels,
                       std::vector<T> picture, T blank) {
  std::vector<T> scratch(picture.size());
  Augment<T>(augmentation, key, {{channels, kSide, kSide}}, blank, picture.data(), scratch.data());
  return picture;
}

TEST(AugmentationTest, NothingAskedForNothingChanged) {
  const std::vector<double> picture = Dot(2, 3, 4, 0);
  EXPECT_FALSE(Augmentation{}.Any());
  EXPECT_EQ(Changed<double>({}, 5, 2, picture, 0), picture);
}

TEST(AugmentationTest, ShiftsReachEveryPlaceInReachAndMoveAllChannelsAlike) {
  std::set<size_t> places;
  for (uint64_t key = 0; key < 500; ++key) {
    const std::vector<double> moved = Changed<double>({.shift = 2}, key, 2, Dot(2, 4, 4, -1), -1);
    const auto at = static_cast<size_t>(std::find(moved.begin(), moved.end(), 1) - moved.begin());
    ASSERT_LT(at, kSize);
    EXPECT_EQ(moved, Dot(2, at / kSide, at % kSide, -1));
    EXPECT_LE(std::abs(static_cast<int>(at / kSide) - 4), 2);
    EXPECT_LE(std::abs(static_cast<int>(at % kSide) - 4), 2);
    places.insert(at);
  }
  EXPECT_EQ(places.size(), 25u);
}

TEST(AugmentationTest, WhatIsShiftedOutIsGoneAndBlankComesIn) {
  bool gone = false;
  for (uint64_t key = 0; key < 50; ++key) {
    const std::vector<double> moved = Changed<double>({.shift = 20}, key, 1, Dot(1, 0, 0, 3), 3);
    gone = gone || moved == std::vector<double>(kSize, 3);
  }
  EXPECT_TRUE(gone);
}

// A ramp v = 2 y + 3 x is bilinear, so turning it gives the ramp turned, exactly but for rounding,
// wherever nothing blank is mixed in.
TEST(AugmentationTest, RotationTurnsAroundTheMiddle) {
  std::vector<double> ramp(kSize);
  for (size_t i = 0; i < kSize; ++i) {
    const size_t y = i / kSide;
    const size_t x = i % kSide;
    ramp[i] = 2.0 * static_cast<double>(y) + 3.0 * static_cast<double>(x);
  }
  double widest = 0;
  for (uint64_t key = 0; key < 200; ++key) {
    const std::vector<double> turned = Changed<double>({.rotate = 30}, key, 1, ramp, 0);
    EXPECT_NEAR(turned[4 * kSide + 4], 20, 1e-12);
    const double across = (turned[4 * kSide + 6] - turned[4 * kSide + 2]) / 4;
    const double down = (turned[6 * kSide + 4] - turned[2 * kSide + 4]) / 4;
    EXPECT_NEAR(across * across + down * down, 13, 1e-9);
    const double angle = std::atan2(3, 2) - std::atan2(across, down);
    EXPECT_LE(std::abs(angle), std::acos(-1) / 6 + 1e-9);
    widest = std::max(widest, std::abs(angle));
  }
  EXPECT_GT(widest, 0.45);
}

TEST(AugmentationTest, NoiseHasTheStandardDeviationAskedFor) {
  double sum = 0;
  double squares = 0;
  constexpr int kPictures = 500;
  for (uint64_t key = 0; key < kPictures; ++key) {
    for (const double x :
         Changed<double>({.noise = 0.5}, key, 1, std::vector<double>(kSize, 0), 0)) {
      sum += x;
      squares += x * x;
    }
  }
  const double count = kPictures * static_cast<double>(kSize);
  EXPECT_NEAR(sum / count, 0, 0.01);
  EXPECT_NEAR(std::sqrt(squares / count), 0.5, 0.01);
}

TEST(AugmentationTest, TheKeyDecidesAndFloatMovesAsDouble) {
  const Augmentation all{.shift = 2, .rotate = 20, .noise = 0.1};
  const std::vector<double> picture = Dot(1, 4, 3, 0);
  const std::vector<double> once = Changed<double>(all, 1, 1, picture, 0);
  EXPECT_EQ(once, Changed<double>(all, 1, 1, picture, 0));
  EXPECT_NE(once, Changed<double>(all, 2, 1, picture, 0));
  const std::vector<float> narrow =
      Changed<float>(all, 1, 1, std::vector<float>(picture.begin(), picture.end()), 0);
  for (size_t i = 0; i < kSize; ++i) EXPECT_NEAR(narrow[i], once[i], 1e-6);
}

TEST(AugmentationTest, OnlyPicturesMove) {
  const std::vector<uint8_t> pixels(kSize);
  const std::vector<double> numbers(kSize);
  const Samples picture{.count = 1, .shape = {{1, kSide, kSide}}, .pixels = pixels};
  const Samples flat{.count = 1, .shape = {{kSize}}, .pixels = pixels};
  const Samples real{.count = 1, .shape = {{1, kSide, kSide}}, .numbers = numbers};
  EXPECT_NO_THROW(CheckAugmentation({.shift = 1}, picture));
  EXPECT_NO_THROW(CheckAugmentation({.noise = 1}, real));
  EXPECT_NO_THROW(CheckAugmentation({.noise = 1}, flat));
  EXPECT_THROW(CheckAugmentation({.shift = 1}, flat), InputError);
  EXPECT_THROW(CheckAugmentation({.rotate = 1}, real), InputError);
}

}  // namespace
}  // namespace nabla
