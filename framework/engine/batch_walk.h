// How a step walks through a batch: shard by shard where the experiment asks for gradient shards,
// and each shard chunk by chunk where its activations would not fit the caches. What a step
// computes on a chunk is not known here; what adds up over chunks, shards and ranks is.
#ifndef NABLA_FRAMEWORK_ENGINE_BATCH_WALK_H_
#define NABLA_FRAMEWORK_ENGINE_BATCH_WALK_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "framework/engine/network.h"
#include "framework/engine/plan.h"
#include "framework/engine/shard_sums.h"

namespace nabla {

// Rows [begin, end) of a chunk.
struct RowSpan {
  size_t begin = 0;
  size_t end = 0;
};

// A piece of a batch whose activations are held at once. A whole batch is described alike.
struct Chunk {
  std::span<const uint32_t> order;  // rows of this chunk, as the data set numbers them
  size_t rows = 0;                  // of the whole batch
  size_t shard = 0;                 // of this rank's own, from 0: the first of this chunk
  size_t shards = 1;                // that this chunk holds whole, or one or a part of one
  bool first_chunk = true;          // of its shard
  bool last_chunk = true;
  double lr = 0;
  int64_t step = 0;
  uint64_t key = 0;
  uint64_t picture_key = 0;
  size_t first_row = 0;  // of this chunk, within the batch
};

// The loss of each row of a chunk, and whether its class was found.
struct RowMetrics {
  explicit RowMetrics(size_t rows) : losses(rows), right(rows) {}

  // One chain in row order, so that no chunk or thread shows in the sum.
  void AddTo(ShardMetrics* sums, const RowSpan& rows) const;

  std::vector<double> losses;
  std::vector<uint8_t> right;
};

template <typename T>
class BatchWalk {
 public:
  // Of batches of up to `batch_rows`. `network` and `plan` must outlive it.
  BatchWalk(Network<T>& network, const Plan& plan, const Sharding& sharding, size_t batch_rows);

  // phases(chunk) for every chunk of every shard of this rank, which leave `metrics` of the chunk's
  // rows; then not_finite(rows of the chunk) where the sum of its losses is no number. Returns what
  // all own shards give.
  template <typename Phases, typename NotFinite>
  ShardMetrics Run(const Chunk& whole, const RowMetrics& metrics, Phases&& phases,
                   NotFinite&& not_finite);

  // Rows of a chunk that belong to its shard k.
  RowSpan ShardRows(const Chunk& chunk, size_t k) const;
  // Adds the gradient of the chunk's shard k to what the shards before gave. Returns whether it has
  // become that of the whole batch.
  bool AddTile(const Chunk& chunk, size_t k, const Tile& tile, Matrix<T> gradient);
  // Whether the last of all updates of the batch come behind this chunk, on this rank alone.
  bool EndsBatch(const Chunk& chunk) const;

  // Whether gradients of the whole batch come from TakeTile, after Exchange added up over ranks.
  bool among_ranks() const { return sharding_.rank_count() > 1; }
  void Exchange(ShardMetrics* sums) { shard_sums_->Exchange(sums); }
  void TakeTile(const Tile& tile, Matrix<T> gradient) { shard_sums_->TakeTile(tile, gradient); }

 private:
  // Shards that go through phase A together: as many as a chunk holds, where no layer tells them
  // apart.
  size_t ShardsAChunk(const Network<T>& network, size_t batch_rows) const;
  template <typename Phases, typename NotFinite>
  ShardMetrics RunChunks(const Chunk& part, const RowMetrics& metrics, Phases&& phases,
                         NotFinite&& not_finite);

  const Plan& plan_;
  const Sharding sharding_;
  const size_t shards_a_chunk_;
  std::optional<ShardSums<T>> shard_sums_;  // where there are several shards
};

template <typename T>
template <typename Phases, typename NotFinite>
ShardMetrics BatchWalk<T>::Run(const Chunk& whole, const RowMetrics& metrics, Phases&& phases,
                               NotFinite&& not_finite) {
  if (!shard_sums_) return RunChunks(whole, metrics, phases, not_finite);
  ShardMetrics sums;
  const size_t own = sharding_.own();
  for (size_t shard = 0; shard < own; shard += shards_a_chunk_) {
    Chunk part = whole;
    part.shard = shard;
    part.shards = std::min(shards_a_chunk_, own - shard);
    part.first_row = sharding_.Begin(sharding_.first() + shard, whole.rows);
    const size_t end = sharding_.Begin(sharding_.first() + shard + part.shards, whole.rows);
    part.order = whole.order.subspan(part.first_row, end - part.first_row);
    shard_sums_->Begin(shard);
    const ShardMetrics of_part = RunChunks(part, metrics, phases, not_finite);
    for (size_t k = 0; k < part.shards; ++k) {
      const RowSpan rows = ShardRows(part, k);
      sums = of_part;
      if (part.shards > 1) {
        sums = {};
        metrics.AddTo(&sums, rows);
      }
      const auto share = static_cast<double>(rows.end - rows.begin);
      shard_sums_->End(shard + k, share / static_cast<double>(whole.rows), &sums);
    }
  }
  return sums;
}

// A shard without a row is a chunk without a row.
template <typename T>
template <typename Phases, typename NotFinite>
ShardMetrics BatchWalk<T>::RunChunks(const Chunk& part, const RowMetrics& metrics, Phases&& phases,
                                     NotFinite&& not_finite) {
  ShardMetrics sums;
  size_t begin = 0;
  do {
    const size_t rows = std::min(plan_.chunk_rows, part.order.size() - begin);
    Chunk chunk = part;
    chunk.order = part.order.subspan(begin, rows);
    chunk.first_chunk = begin == 0;
    chunk.last_chunk = begin + rows == part.order.size();
    chunk.first_row = part.first_row + begin;
    phases(chunk);
    metrics.AddTo(&sums, {0, rows});
    if (!std::isfinite(sums.loss)) not_finite(rows);
    begin += rows;
  } while (begin < part.order.size());
  return sums;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_BATCH_WALK_H_
