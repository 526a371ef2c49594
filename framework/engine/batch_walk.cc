#include "framework/engine/batch_walk.h"

namespace nabla {

void RowMetrics::AddTo(ShardMetrics* sums, const RowSpan& rows) const {
  for (size_t r = rows.begin; r < rows.end; ++r) {
    sums->loss += losses[r];
    sums->right += right[r];
  }
}

template <typename T>
BatchWalk<T>::BatchWalk(Network<T>& network, const Plan& plan, const Sharding& sharding,
                        size_t batch_rows)
    : plan_(plan), sharding_(sharding), shards_a_chunk_(ShardsAChunk(network, batch_rows)) {
  if (sharding.count > 1) shard_sums_.emplace(network, sharding);
}

template <typename T>
size_t BatchWalk<T>::ShardsAChunk(const Network<T>& network, size_t batch_rows) const {
  const std::vector<Parameter<T>>& parameters = network.parameters();
  // Both depend on where a shard begins, so a chunk must not hold several.
  const bool blockwise_gradient =
      std::any_of(parameters.begin(), parameters.end(),
                  [](const Parameter<T>& p) { return p.blockwise_gradient; });
  if (blockwise_gradient || !plan_.coupled.empty()) return 1;
  return std::max<size_t>(1, plan_.chunk_rows / std::max<size_t>(1, sharding_.Rows(batch_rows)));
}

template <typename T>
RowSpan BatchWalk<T>::ShardRows(const Chunk& chunk, size_t k) const {
  if (chunk.shards == 1) return {0, chunk.order.size()};
  const size_t shard = sharding_.first() + chunk.shard + k;
  return {sharding_.Begin(shard, chunk.rows) - chunk.first_row,
          sharding_.Begin(shard + 1, chunk.rows) - chunk.first_row};
}

template <typename T>
bool BatchWalk<T>::AddTile(const Chunk& chunk, size_t k, const Tile& tile, Matrix<T> gradient) {
  if (!shard_sums_ || !chunk.last_chunk) return chunk.last_chunk;
  return shard_sums_->AddTile(chunk.shard + k, tile, gradient);
}

template <typename T>
bool BatchWalk<T>::EndsBatch(const Chunk& chunk) const {
  return chunk.last_chunk && chunk.shard + chunk.shards == sharding_.own() && !among_ranks();
}

template class BatchWalk<float>;
template class BatchWalk<double>;

}  // namespace nabla
