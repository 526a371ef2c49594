// A batch in shards: parts whose gradients are found one by one, by whichever rank owns them, and
// added up in a tree that depends on nothing but their number. So ranks and threads never show in a
// bit, while the number of shards does.
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
  Ranks* ranks = nullptr;  // that share the shards; their number is a power of two up to count

  size_t Begin(size_t shard, size_t batch_rows) const { return batch_rows * shard / count; }
  // Of the largest shard, and of the rank that has most.
  size_t Rows(size_t batch_rows) const { return (batch_rows + count - 1) / count; }
  size_t RankRows(size_t batch_rows) const {
    return (batch_rows + rank_count() - 1) / rank_count();
  }
  size_t rank_count() const { return ranks != nullptr ? ranks->count() : 1; }
  // This rank has the shards [first(), first() + own()).
  size_t own() const { return count / rank_count(); }
  size_t first() const { return ranks != nullptr ? ranks->index() * own() : 0; }
};

// Sums over the rows of a batch, and what ranks tell each other beside them.
struct ShardMetrics {
  double loss = 0;
  double right = 0;
  double stop = 0;  // > 0 where a rank asks all to stop
};

// The balanced binary tree over a rank's own shards, which come in order, and behind it the tree
// over ranks. What layers change beside their gradients (running statistics) becomes the mean over
// the shards, each with the weight of its rows.
template <typename T>
class ShardSums {
 public:
  // `network` must outlive this.
  ShardSums(Network<T>& network, const Sharding& sharding);

  // Makes room for a new shard's own version of the buffers. `shard` counts from 0 at every rank.
  void Begin(size_t shard);
  // Adds a shard's gradient, which becomes the sum so far where the tree has one. Returns whether
  // it is that of the whole batch: behind the last shard, where no other rank has any.
  bool AddTile(size_t shard, const Tile& tile, Matrix<T> gradient);
  // Adds the rest of a shard that has `share` of the batch's rows; behind the last one `metrics`
  // are those of all own shards.
  void End(size_t shard, double share, ShardMetrics* metrics);

  // Adds up over ranks. Only where there are several.
  void Exchange(ShardMetrics* metrics);
  // A gradient of the whole batch, after Exchange.
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
  std::vector<T> before_;                            // their numbers before the batch
  std::vector<std::vector<OwnedMatrix<T>>> levels_;  // of the tree, per parameter
  std::vector<Buffers> buffer_levels_;
  Buffers own_;                  // of the shard at hand
  std::vector<size_t> offsets_;  // of each parameter in what is sent; buffers come last
  std::optional<RankSum<T>> ranks_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_SHARD_SUMS_H_
