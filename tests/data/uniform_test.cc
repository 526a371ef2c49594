#include "framework/data/uniform.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/base/complaint.h"

namespace nabla {
namespace {

struct Owned {
  std::vector<uint8_t> pixels;
  std::vector<double> numbers;
  std::vector<int32_t> labels;
};

// Two inputs a row, classes 0 and 1 in turn.
Samples Rows(std::vector<uint8_t> pixels, std::vector<double> numbers) {
  auto owned = std::make_shared<Owned>(Owned{std::move(pixels), std::move(numbers), {}});
  const size_t count = std::max(owned->pixels.size(), owned->numbers.size()) / 2;
  for (size_t r = 0; r < count; ++r) owned->labels.push_back(static_cast<int32_t>(r % 2));
  return {.count = count,
          .shape = {{2}},
          .pixels = owned->pixels,
          .numbers = owned->numbers,
          .normalization = {.scale = 4},
          .classes = 2,
          .labels = owned->labels,
          .keep_alive = owned};
}

DataSplits Pixels() { return {"p", Rows({1, 2, 3, 4}, {}), Rows({5, 6}, {})}; }

std::string Refusal(const std::function<void(DataSplits*)>& spoil) {
  DataSplits data = Pixels();
  spoil(&data);
  return ComplaintOf([&] { Uniform(data); });
}

std::vector<double> AsVector(std::span<const double> numbers) {
  return {numbers.begin(), numbers.end()};
}

TEST(UniformTest, PixelsAndNumbersStayAsTheyAre) {
  const DataSplits pixels = Pixels();
  const DataSplits same = Uniform(pixels);
  EXPECT_EQ(same.train.pixels.data(), pixels.train.pixels.data());
  EXPECT_EQ(same.test.pixels.data(), pixels.test.pixels.data());
  const DataSplits numbers = {"n", Rows({}, {1, 2}), Rows({}, {0.5, 3})};
  EXPECT_EQ(Uniform(numbers).train.numbers.data(), numbers.train.numbers.data());
}

TEST(UniformTest, WhereOneSplitHoldsNumbersBothDo) {
  DataSplits data = Uniform({"m", Rows({1, 2, 3, 255}, {}), Rows({}, {0.5, 3})});
  EXPECT_TRUE(data.train.pixels.empty());
  EXPECT_EQ(AsVector(data.train.numbers), (std::vector<double>{1, 2, 3, 255}));
  EXPECT_EQ(data.train.labels[1], 1);
  data = Uniform({"m", Rows({}, {0.5, 3}), Rows({1, 2}, {})});
  EXPECT_TRUE(data.test.pixels.empty());
  EXPECT_EQ(AsVector(data.test.numbers), (std::vector<double>{1, 2}));
  EXPECT_EQ(data.test.normalization.scale, 4);
}

TEST(UniformTest, ThereMayBeNoTestRows) {
  DataSplits data = Pixels();
  data.test = {};
  data = Uniform(data);
  EXPECT_EQ(data.test.count, 0u);
  EXPECT_EQ(data.test.shape, data.train.shape);
  EXPECT_EQ(data.test.classes, 2u);
}

std::shared_ptr<const TargetMeaning> Meaning(TargetMeaning meaning) {
  return std::make_shared<const TargetMeaning>(std::move(meaning));
}

TEST(UniformTest, FaultyDataIsRefused) {
  static const std::vector<double> kNumbers = {1, 2};
  static const std::vector<double> kNotFinite = {1, std::numeric_limits<double>::quiet_NaN()};
  static const std::vector<int32_t> kLabels = {0, -1};
  const std::string faulty = "the data set is faulty: its ";
  EXPECT_EQ(Refusal([](DataSplits*) {}), "accepted");
  EXPECT_EQ(Refusal([](DataSplits* d) { d->train = {}; }),
            "error: the data set has no rows to train on");
  for (const auto& [spoil, message] :
       std::vector<std::pair<std::function<void(DataSplits*)>, std::string>>{
           {[](DataSplits* d) { d->test.pixels = {}; },
            "test rows have neither pixels nor numbers"},
           {[](DataSplits* d) { d->test.numbers = kNumbers; },
            "test rows have both pixels and numbers"},
           {[](DataSplits* d) { d->train.count = 3; }, "training rows need 6 inputs, found 4"},
           {[](DataSplits* d) { d->train.count = size_t{1} << 63; }, "training rows are too many"},
           {[](DataSplits* d) { d->train.shape = {{0}}; }, "training rows have no inputs"},
           {[](DataSplits* d) { d->train.labels = d->train.labels.first(1); },
            "training rows need 2 labels, found 1"},
           {[](DataSplits* d) { d->train.labels = kLabels; },
            "training rows have the label -1, but there are only 2 classes"},
           {[](DataSplits* d) { d->train.classes = d->test.classes = 1; },
            "training rows have the label 1, but there are only 1 classes"},
           {[](DataSplits* d) { d->train.values_per_row = 1; },
            "training rows need 2 target values, found 0"},
           {[](DataSplits* d) {
              d->train.classes = 0;
              d->train.labels = {};
            },
            "training rows have neither classes nor target values"},
           {[](DataSplits* d) {
              d->test.pixels = {};
              d->test.numbers = kNotFinite;
            },
            "test rows have inputs that are not finite"},
           {[](DataSplits* d) { d->test.normalization.std = 0; }, "test rows cannot be normalised"},
           {[](DataSplits* d) { d->train.meaning = Meaning({.classes = {"a"}}); },
            "training rows need 2 names of classes, found 1"},
           {[](DataSplits* d) { d->train.meaning = Meaning({.values = {"a"}}); },
            "training rows need 0 names of target values, found 1"},
           {[](DataSplits* d) { d->test.meaning = Meaning({.mean = {1}, .std = {1}}); },
            "test rows need 0 means of target values, found 1"},
           {[](DataSplits* d) { d->train.meaning = Meaning({.std = {1}}); },
            "training rows need 0 standard deviations of target values, found 1"},
           {[](DataSplits* d) { d->train.meaning = Meaning({.labels = true}); },
            "training rows have classes, but their targets are labels that hold or not"},
           {[](DataSplits* d) { d->train.meaning = Meaning({.inputs = true}); },
            "training rows have classes, but their targets are the inputs"},
           {[](DataSplits* d) { d->columns = {"a"}; },
            "rows have 2 inputs, but there are 1 names of them"},
           {[](DataSplits* d) { d->coding = {{.name = "a", .categories = {"b"}}}; },
            "rows have 2 inputs, but there are 1 in its columns"},
           {[](DataSplits* d) {
              d->test.shape = {{1, 2}};
            },
            "training and test rows have different shapes"},
           {[](DataSplits* d) { d->test.classes = 3; },
            "training and test rows have different numbers of classes"},
           {[](DataSplits* d) { d->test.normalization.mean = 1; },
            "training and test rows have different normalisations"}}) {
    EXPECT_EQ(Refusal(spoil).find("error: " + faulty + message), 0u) << Refusal(spoil);
  }
}

TEST(UniformTest, SameRowsAreSeen) {
  const DataSplits data = Pixels();
  EXPECT_TRUE(SameRows(data.train, data.train));
  EXPECT_TRUE(SameRows(data.train, Rows({1, 2, 3, 4}, {})));
  EXPECT_FALSE(SameRows(data.train, Rows({1, 2, 3, 5}, {})));
  EXPECT_FALSE(SameRows(data.train, data.test));
}

}  // namespace
}  // namespace nabla
