// How a step walks through a batch: shard by shard if the experiment asks for gradient shards, and
// chunk by chunk within a shard if its activations would not fit the caches. The walk knows how
// results add up over chunks, shards and ranks, but not what a step computes on a chunk.
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

// A piece of a batch whose activations are in memory at once. Also describes a whole batch.
struct Chunk {
  std::span<const uint32_t> order;  // this chunk's rows, as indices into the data set
  size_t rows = 0;                  // in the whole batch
  double weight = 0;                // of them together: the divisor of the mean loss
  size_t shard = 0;                 // first shard of this chunk, counted from 0 on this rank
  size_t shards = 1;                // number of whole shards in it; also 1 for part of a shard
  bool first_chunk = true;          // of its shard: the gradient starts from 0
  bool last_chunk = true;           // of its shard: the shard's gradient is now complete
  double lr = 0;
  int64_t step = 0;          // from 1
  uint64_t key = 0;          // seeds the random layers of this step
  uint64_t picture_key = 0;  // seeds augmentation, with the row's index
  size_t first_row = 0;      // of this chunk, within the batch
};

// The loss of each row of a chunk, and whether the row's class was predicted.
struct RowMetrics {
  explicit RowMetrics(size_t rows) : losses(rows), right(rows) {}

  // Adds one by one in row order, so that neither chunks nor threads change the sum's bits.
  void AddTo(ShardMetrics* sums, const RowSpan& rows) const;

  std::vector<double> losses;
  std::vector<uint8_t> right;
};

template <typename T>
class BatchWalk {
 public:
  // For batches of up to `batch_rows` rows. `network` and `plan` must outlive the walk.
  BatchWalk(Network<T>& network, const Plan& plan, const Sharding& sharding, size_t batch_rows);

  // Calls phases(chunk) for every chunk of every shard of this rank; it fills `metrics` for the
  // chunk's rows. If the sum of losses is then not finite, calls not_finite(rows of the chunk),
  // while the chunk's outputs are in memory. Returns the sums over this rank's shards.
  template <typename Phases, typename NotFinite>
  ShardMetrics Run(const Chunk& whole, const RowMetrics& metrics, Phases&& phases,
                   NotFinite&& not_finite);

  // The rows of a chunk that belong to its shard k.
  RowSpan ShardRows(const Chunk& chunk, size_t k) const;
  // Adds the gradient of the chunk's shard k to those of earlier shards. Returns whether `gradient`
  // is now that of the whole batch.
  bool AddTile(const Chunk& chunk, size_t k, const Tile& tile, Matrix<T> gradient);
  // Whether the whole batch's gradients are known after this chunk. Never among several ranks:
  // there they are known only after Exchange.
  bool EndsBatch(const Chunk& chunk) const;

  // Whether the whole batch's gradients come from TakeTile, after Exchange has summed over ranks.
  bool among_ranks() const { return sharding_.rank_count() > 1; }
  void Exchange(ShardMetrics* sums) { shard_sums_->Exchange(sums); }
  void TakeTile(const Tile& tile, Matrix<T> gradient) { shard_sums_->TakeTile(tile, gradient); }

 private:
  // How many shards go through phase A together, because each parallel phase costs a barrier: as
  // many as fit a chunk, but 1 if a layer's result depends on where shards begin.
  size_t ShardsAChunk(const Network<T>& network, size_t batch_rows) const;
  template <typename Phases, typename NotFinite>
  ShardMetrics RunChunks(const Chunk& part, const RowMetrics& metrics, Phases&& phases,
                         NotFinite&& not_finite);

  const Plan& plan_;
  const Sharding sharding_;
  const size_t shards_a_chunk_;
  std::optional<ShardSums<T>> shard_sums_;  // only with several shards
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
      // Each shard's sums start from 0, so that the number of shards per chunk changes no bits.
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

// A shard without rows is still one chunk, because the tree of sums needs its zeros.
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
