#include "framework/data/standardise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

namespace nabla {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Samples Pixels(std::vector<uint8_t> pixels, size_t width) {
  auto owned = std::make_shared<std::vector<uint8_t>>(std::move(pixels));
  return {.count = owned->size() / width,
          .shape = {{width}},
          .pixels = *owned,
          .normalization = {.scale = 255, .mean = 0.5},
          .keep_alive = owned};
}

Samples Numbers(std::vector<double> numbers, size_t width) {
  auto owned = std::make_shared<std::vector<double>>(std::move(numbers));
  return {
      .count = owned->size() / width, .shape = {{width}}, .numbers = *owned, .keep_alive = owned};
}

std::vector<double> AsVector(std::span<const double> numbers) {
  return {numbers.begin(), numbers.end()};
}

TEST(StandardiseTest, TrainingRowsDecideForBothSplits) {
  // Means 2 and 7, standard deviations 1 and 0; what never changes becomes 0 everywhere.
  InputMoments moments;
  const DataSplits data = Standardise(
      {"numbers", Numbers({1, 7, 3, 7, 1, 7, 3, 7}, 2), Numbers({2, 8, 5, 7}, 2)}, &moments);
  EXPECT_EQ(moments, (InputMoments{{2, 7}, {1, kInfinity}}));
  EXPECT_EQ(AsVector(data.train.numbers), (std::vector<double>{-1, 0, 1, 0, -1, 0, 1, 0}));
  EXPECT_EQ(AsVector(data.test.numbers), (std::vector<double>{0, 0, 3, 0}));
  EXPECT_EQ(data.train.count, 4u);
}

TEST(StandardiseTest, PixelsBecomeNumbers) {
  InputMoments moments;
  const DataSplits data =
      Standardise({"pixels", Pixels({10, 0, 20, 0, 60, 0}, 2), Pixels({30, 255}, 2)}, &moments);
  EXPECT_TRUE(data.train.pixels.empty());
  EXPECT_TRUE(data.test.pixels.empty());
  const double std = std::sqrt((20.0 * 20 + 10 * 10 + 30 * 30) / 3);
  EXPECT_DOUBLE_EQ(data.train.numbers[0], -20 / std);
  EXPECT_DOUBLE_EQ(data.train.numbers[4], 30 / std);
  EXPECT_EQ(AsVector(data.test.numbers), (std::vector<double>{0, 0}));
  EXPECT_FALSE(std::signbit(data.test.numbers[1]));
}

// The mean of 1000 times 14.62 is rounded, and so would the variance be.
TEST(StandardiseTest, RoundingIsNoVariance) {
  InputMoments moments;
  const DataSplits data = Standardise(
      {"", Numbers(std::vector<double>(1000, 14.62), 1), Numbers({14.63, 14.61, -1e300}, 1)},
      &moments);
  EXPECT_EQ(moments, (InputMoments{{14.62}, {kInfinity}}));
  EXPECT_EQ(AsVector(data.test.numbers), (std::vector<double>{0, 0, 0}));
  EXPECT_FALSE(std::signbit(data.test.numbers[1]));
}

// The same rows, stored otherwise, have the same moments.
TEST(StandardiseTest, StorageDoesNotShow) {
  InputMoments of_pixels, of_numbers;
  const DataSplits a =
      Standardise({"", Pixels({10, 0, 20, 9, 60, 7}, 2), Pixels({3, 4}, 2)}, &of_pixels);
  const DataSplits b =
      Standardise({"", Numbers({10, 0, 20, 9, 60, 7}, 2), Numbers({3, 4}, 2)}, &of_numbers);
  EXPECT_EQ(of_pixels, of_numbers);
  EXPECT_EQ(AsVector(a.train.numbers), AsVector(b.train.numbers));
}

TEST(StandardiseTest, AnEmptySplitStaysEmpty) {
  InputMoments moments;
  const DataSplits data = Standardise({"", Numbers({1, 2}, 1), {.shape = {{1}}}}, &moments);
  EXPECT_EQ(data.test.numbers.size(), 0u);
}

TEST(StandardiseTest, MomentsMayBeOfEachSplitOrOfAllRows) {
  const DataSplits data{"", Numbers({1, 3}, 1), Numbers({10, 14, 18, 14}, 1)};
  InputMoments moments;
  const DataSplits own = Standardise(data, &moments, MomentsBy::kEachSplit);
  EXPECT_EQ(moments.mean, std::vector<double>{2});  // predictions take those of training
  EXPECT_EQ(own.train.numbers[0], -1);
  EXPECT_NEAR(own.test.numbers[0], -4 / std::sqrt(8), 1e-15);
  moments = MomentsOf(data.train, data.test);
  EXPECT_EQ(moments.mean, std::vector<double>{10});
  EXPECT_NEAR(moments.std[0], std::sqrt((81 + 49 + 0 + 16 + 64 + 16) / 6.0), 1e-14);
  const DataSplits all = Standardise(data, &moments, MomentsBy::kAllRows);
  EXPECT_EQ(all.test.numbers[0], 0);
  EXPECT_NEAR(all.train.numbers[0], -9 / moments.std[0], 1e-15);
}

}  // namespace
}  // namespace nabla
