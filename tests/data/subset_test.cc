#include "framework/data/subset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>
#include <vector>

#include "framework/base/error.h"

namespace nabla {
namespace {

// Row r holds the pixel r and the label r.
Samples Numbered(size_t count) {
  struct Owned {
    std::vector<uint8_t> pixels;
    std::vector<int32_t> labels;
  };
  auto owned = std::make_shared<Owned>();
  owned->pixels.resize(count);
  owned->labels.resize(count);
  std::iota(owned->pixels.begin(), owned->pixels.end(), uint8_t{0});
  std::iota(owned->labels.begin(), owned->labels.end(), 0);
  return {.count = count,
          .shape = {{1}},
          .pixels = owned->pixels,
          .classes = 256,
          .labels = owned->labels,
          .keep_alive = owned};
}

std::vector<int> Who(const Samples& samples) {
  EXPECT_EQ(samples.labels.size(), samples.count);
  EXPECT_TRUE(std::equal(samples.labels.begin(), samples.labels.end(), samples.pixels.begin(),
                         samples.pixels.end()));
  return {samples.labels.begin(), samples.labels.end()};
}

TEST(SubsetTest, DefaultsLeaveTheDataAsTheyAre) {
  const DataSplits data{"numbered", Numbered(20), Numbered(10)};
  const DataSplits same = Subset({.seed = 3}, data);
  EXPECT_EQ(same.train.pixels.data(), data.train.pixels.data());
  EXPECT_EQ(same.train.count, 20u);
  EXPECT_EQ(same.test.count, 10u);
}

TEST(SubsetTest, WithoutASeedTheFirstRowsStay) {
  const DataSplits some = Subset({.train = 3, .test = 2}, {"", Numbered(20), Numbered(10)});
  EXPECT_EQ(Who(some.train), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(Who(some.test), (std::vector<int>{0, 1}));
}

TEST(SubsetTest, ASeedDrawsRowsOnceEach) {
  const DataSplits data{"", Numbered(200), Numbered(200)};
  const DataSplits small = Subset({.train = 40, .test = 40, .seed = 1}, data);
  const DataSplits large = Subset({.train = 50, .test = 60, .seed = 1}, data);
  const DataSplits other = Subset({.train = 40, .test = 40, .seed = 2}, data);
  const std::vector<int> drawn = Who(small.train);
  EXPECT_EQ(std::set<int>(drawn.begin(), drawn.end()).size(), 40u);
  EXPECT_FALSE(std::is_sorted(drawn.begin(), drawn.end()));
  EXPECT_NE(drawn, Who(small.test));
  EXPECT_NE(drawn, Who(other.train));
  const std::vector<int> more = Who(large.train);
  EXPECT_EQ(std::vector<int>(more.begin(), more.begin() + 40), drawn);
}

TEST(SubsetTest, MoreRowsThanThereAreIsAnError) {
  const DataSplits data{"", Numbered(20), Numbered(10)};
  EXPECT_THROW(Subset({.train = 21}, data), InputError);
  EXPECT_THROW(Subset({.test = 11, .seed = 1}, data), InputError);
}

}  // namespace
}  // namespace nabla
