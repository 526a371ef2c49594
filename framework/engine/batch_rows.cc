#include "framework/engine/batch_rows.h"

#include <algorithm>

#include "framework/engine/shard_sums.h"

namespace nabla {
namespace {

size_t SmallestShard(size_t shards, size_t batch_rows) {
  const Sharding sharding{.count = shards};
  size_t smallest = batch_rows;
  for (size_t shard = 0; shard < shards; ++shard) {
    const size_t rows = sharding.Begin(shard + 1, batch_rows) - sharding.Begin(shard, batch_rows);
    if (rows > 0) smallest = std::min(smallest, rows);
  }
  return smallest;
}

}  // namespace

size_t SmallestBatch(const BatchCut& cut) {
  const size_t whole = std::min(cut.batch_size, cut.epoch_rows);
  const size_t rest = cut.epoch_rows % whole;
  const size_t smallest = SmallestShard(cut.shards, whole);
  if (rest == 0 || cut.drop_last) return smallest;
  return std::min(smallest, SmallestShard(cut.shards, rest));
}

}  // namespace nabla
