#include "framework/data/standardise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/error.h"

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

TEST(StandardiseTest, TargetsThatNeverChangeBecomeZero) {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.insert(values.end(), {0.1 * (i % 2), 0.1});
  Samples rows = Numbers(std::vector<double>(100), 1);
  rows.values = values;
  rows.values_per_row = 2;
  const DataSplits data = StandardiseTargets({"", rows, {}});
  for (size_t at = 1; at < values.size(); at += 2) EXPECT_EQ(data.train.values[at], 0);
  EXPECT_EQ(data.train.meaning->mean[1], 0.1);
  EXPECT_EQ(data.train.meaning->std[1], 1);
  EXPECT_NEAR(data.train.values[0], -1, 1e-14);
}

// Their squares are 0, but they change.
TEST(StandardiseTest, DistancesWithoutSquaresAreRefused) {
  const std::vector<double> tiny = {1e-200, 3e-200, 2e-200};
  const auto complaint = [](const auto& call) {
    try {
      call();
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  const std::string what =
      ", counted from 0, differ by so little that they have no standard deviation: write larger "
      "ones, in another unit";
  EXPECT_NE(complaint([&] {
              MomentsOf(Numbers(tiny, 1));
            }).find("standardise: the values of input 0" + what),
            std::string::npos);
  EXPECT_EQ(MomentsOf(Numbers({1e-200, 1e-200}, 1)), (InputMoments{{1e-200}, {kInfinity}}));
  Samples rows = Numbers({1, 2, 3}, 1);
  rows.values = tiny;
  rows.values_per_row = 1;
  EXPECT_NE(complaint([&] {
              StandardiseTargets({"", rows, {}});
            }).find("standardise: the values of target 0" + what),
            std::string::npos);
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

void ExpectNear(const Samples& samples, const std::vector<double>& wanted) {
  ASSERT_EQ(samples.numbers.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(samples.numbers[i], wanted[i], 1e-8) << i;
}

// As scikit-learn's MinMaxScaler gives: what never changes becomes the lower end, and keeps its
// distance from it in other rows.
TEST(StandardiseTest, ARangeIsThatOfScikitLearn) {
  const DataSplits data{"", Numbers({1, 7, -3, 3, 7, 0.5, 1.5, 7, 9}, 3),
                        Numbers({2, 8, 0, 5, 7, -4}, 3)};
  InputMoments moments;
  DataSplits found = Standardise(data, &moments, MomentsBy::kTrain, {0, 1});
  ExpectNear(found.train, {0, 0, 0, 1, 0, 0.29166667, 0.25, 0, 1});
  ExpectNear(found.test, {0.5, 1, 0.25, 2, 0, -0.08333333});
  found = Standardise(data, &moments, MomentsBy::kTrain, {-1, 1});
  ExpectNear(found.train, {-1, -1, -1, 1, -1, -0.41666667, -0.5, -1, 1});
  ExpectNear(found.test, {0, 1, -0.5, 3, -1, -1.16666667});
  moments = MomentsOfRange({-1, 1}, data.train, data.test);
  found = Standardise(data, &moments, MomentsBy::kAllRows, {-1, 1});
  ExpectNear(found.test, {-0.5, 1, -0.38461538, 1, -1, -1});
  found = Standardise(data, &moments, MomentsBy::kEachSplit, {0, 1});
  ExpectNear(found.test, {0, 1, 1, 1, 0, 0});
  EXPECT_THROW(MomentsOfRange({0, 1}, Numbers({-1.7e308, 1.7e308}, 1)), InputError);
}

// As scikit-learn's scale(axis=1), minmax_scale(axis=1) and Normalizer give.
TEST(StandardiseTest, RowsAreScaledByThemselves) {
  const Samples rows = Numbers({1, 7, -3, 3, 7, 0.5, 1.5, 7, 9}, 3);
  ExpectNear(ScaleRows(RowScale::kStandardise, rows),
             {-0.16222142, 1.29777137, -1.13554995, -0.18677184, 1.30740289, -1.12063105,
              -1.36652966, 0.36791183, 0.99861783});
  ExpectNear(ScaleRows(RowScale::kMinMax, rows), {0.4, 1, 0, 0.38461538, 1, 0, 0, 0.73333333, 1});
  ExpectNear(ScaleRows(RowScale::kMax, rows),
             {0.14285714, 1, -0.42857143, 0.42857143, 1, 0.07142857, 0.16666667, 0.77777778, 1});
  ExpectNear(ScaleRows(RowScale::kNorm, rows),
             {0.13018891, 0.91132238, -0.39056673, 0.39307307, 0.91717049, 0.06551218, 0.13043478,
              0.60869565, 0.7826087});
  const Samples pixels = ScaleRows(RowScale::kMax, Pixels({0, 0, 51, 204}, 2));
  EXPECT_EQ(AsVector(pixels.numbers), (std::vector<double>{0, 0, 0.25, 1}));
  EXPECT_TRUE(pixels.pixels.empty());
  const Samples constant = ScaleRows(RowScale::kStandardise, Numbers({0.1, 0.1, 0.1}, 3));
  EXPECT_EQ(AsVector(constant.numbers), (std::vector<double>{0, 0, 0}));
  EXPECT_THROW(ScaleRows(RowScale::kNorm, Numbers({1e300, 1}, 2)), InputError);
}

}  // namespace
}  // namespace nabla
