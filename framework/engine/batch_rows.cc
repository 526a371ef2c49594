#include "framework/engine/batch_rows.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "framework/base/error.h"
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

size_t CountBatches(const BatchCut& cut) {
  const size_t whole = cut.epoch_rows / cut.batch_size;
  const bool short_one = cut.epoch_rows % cut.batch_size != 0;
  return whole + (short_one && (!cut.drop_last || whole == 0) ? 1 : 0);
}

void DrawOrder(const BatchCut& cut, OrderKind kind, Generator& generator,
               std::vector<uint32_t>* order) {
  const size_t used = std::min(cut.epoch_rows, CountBatches(cut) * cut.batch_size);
  if (kind == OrderKind::kReplacement) {
    for (size_t i = 0; i < used; ++i) {
      (*order)[i] = static_cast<uint32_t>(generator.Below(order->size()));
    }
  } else if (kind == OrderKind::kChoice) {
    for (size_t begin = 0; begin < used; begin += cut.batch_size) {
      const size_t rows = std::min(cut.batch_size, used - begin);
      Choose(generator, order->size(), std::span(*order).subspan(begin, rows));
    }
  } else if (kind == OrderKind::kShuffle) {
    std::vector<uint32_t> permutation(order->size());
    generator.Permutation(permutation);
    for (uint32_t& row : permutation) row = (*order)[row];
    *order = std::move(permutation);
  } else {
    generator.EpochOrder(*order, kind);
  }
}

void CheckOrder(const std::vector<uint32_t>& order, size_t rows, OrderKind kind) {
  const bool repeats = kind == OrderKind::kChoice || kind == OrderKind::kReplacement;
  std::vector<bool> seen(rows);
  for (const uint32_t row : order) {
    if (row < rows) seen[row] = true;
  }
  if (order.size() != rows || (!repeats && std::ranges::find(seen, false) != seen.end())) {
    throw InputError("the order of the rows is not a permutation of " + std::to_string(rows) +
                     " rows");
  }
  if (repeats && std::ranges::any_of(order, [&](uint32_t row) { return row >= rows; })) {
    throw InputError("the order has rows beyond the " + std::to_string(rows) + " that there are");
  }
}

size_t SmallestBatch(const BatchCut& cut) {
  const size_t whole = std::min(cut.batch_size, cut.epoch_rows);
  const size_t rest = cut.epoch_rows % whole;
  const size_t smallest = SmallestShard(cut.shards, whole);
  if (rest == 0 || cut.drop_last) return smallest;
  return std::min(smallest, SmallestShard(cut.shards, rest));
}

}  // namespace nabla
