#include "framework/engine/batch_rows.h"

#include <gtest/gtest.h>

namespace nabla {
namespace {

TEST(BatchRowsTest, TheSmallestBatchIsFound) {
  EXPECT_EQ(SmallestBatch({.epoch_rows = 100, .batch_size = 50}), 50u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 101, .batch_size = 50}), 1u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 101, .batch_size = 50, .drop_last = true}), 50u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 101, .batch_size = 1000}), 101u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 1, .batch_size = 1000, .drop_last = true}), 1u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 7, .batch_size = 1}), 1u);
}

TEST(BatchRowsTest, ShardsCountByThemselvesUnlessTheyAreEmpty) {
  EXPECT_EQ(SmallestBatch({.epoch_rows = 100, .batch_size = 50, .shards = 4}), 12u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 105, .batch_size = 50, .shards = 4}), 1u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 58, .batch_size = 50, .shards = 4}), 2u);
  EXPECT_EQ(SmallestBatch({.epoch_rows = 2, .batch_size = 50, .shards = 4}), 1u);
}

}  // namespace
}  // namespace nabla
