// A batch in shards: parts whose gradients are computed separately, each by the rank that owns it,
// and added up in a tree that depends only on the number of shards. So that number decides the bits
// of the result, while ranks and threads never change them.
#ifndef NABLA_FRAMEWORK_ENGINE_SHARD_SUMS_H_
#define NABLA_FRAMEWORK_ENGINE_SHARD_SUMS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "framework/engine/network.h"
#include "framework/engine/plan.h"
#include "framework/engine/ranks.h"
#include "framework/tensor/storage.h"

namespace nabla {

// How a batch of B rows is cut: shard s has rows [B s / count, B (s + 1) / count).
struct Sharding {
  size_t count = 1;        // a power of two
  Ranks* ranks = nullptr;  // share the shards; a power of two <= count, so all own equally many

  size_t Begin(size_t shard, size_t batch_rows) const { return batch_rows * shard / count; }
  // The rows of the largest shard, and those of the rank that has most: what to allocate for.
  size_t Rows(size_t batch_rows) const { return (batch_rows + count - 1) / count; }
  size_t RankRows(size_t batch_rows) const {
    return (batch_rows + rank_count() - 1) / rank_count();
  }
  size_t rank_count() const { return ranks != nullptr ? ranks->count() : 1; }
  // This rank owns the shards [first(), first() + own()): a whole subtree of the sum.
  size_t own() const { return count / rank_count(); }
  size_t first() const { return ranks != nullptr ? ranks->index() * own() : 0; }
};

// Sums over the rows of a batch, and what else ranks tell each other in the same exchange.
struct ShardMetrics {
  double loss = 0;
  double right = 0;
  double stop = 0;  // > 0 if any rank asks all to stop
};

// The balanced binary tree over a rank's own shards, which come in order, followed by the tree over
// ranks. The buffers that layers change themselves (running statistics) become their mean over the
// shards, weighted by rows.
template <typename T>
class ShardSums {
 public:
  // `network` must outlive this.
  ShardSums(Network<T>& network, const Sharding& sharding);

  // Resets the buffers for a new shard. `shard` counts from 0 on every rank.
  void Begin(size_t shard);
  // Adds a shard's gradient to the tree; `gradient` becomes the sum of the subtree that the shard
  // ends. Returns whether that is the whole batch: after the last shard, if no other rank has any.
  bool AddTile(size_t shard, const Tile& tile, Matrix<T> gradient);
  // Adds the buffers and metrics of a shard with `share` (0 to 1) of the batch's rows. After the
  // last shard, `metrics` holds the sums over all shards of this rank.
  void End(size_t shard, double share, ShardMetrics* metrics);

  // Adds up over ranks. Call it only if there are several.
  void Exchange(ShardMetrics* metrics);
  // Copies a gradient of the whole batch into `gradient`, after Exchange.
  void TakeTile(const Tile& tile, Matrix<T> gradient);

 private:
  struct Buffers {
    std::vector<T> numbers;
    ShardMetrics metrics;
  };

  bool IsLast(size_t shard) const { return shard + 1 == sharding_.own(); }
  void ReadBuffers(std::vector<T>* numbers) const;
  void WriteBuffers(const T* numbers);
  T* Sent(const Tile& tile);

  Network<T>& network_;
  const Sharding sharding_;
  std::vector<size_t> buffers_;                      // parameters that layers change themselves
  std::vector<T> before_;                            // their values before the batch
  std::vector<std::vector<OwnedMatrix<T>>> levels_;  // of the tree, per parameter
  std::vector<Buffers> buffer_levels_;
  Buffers own_;                  // of the current shard
  std::vector<size_t> offsets_;  // of each parameter in what ranks send; buffers come last
  std::optional<RankSum<T>> ranks_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_SHARD_SUMS_H_
