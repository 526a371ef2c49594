// One training step in two phases, without a reduction and without an allocation.
//
// Phase A, over blocks of batch rows: gather, forward, loss, and the gradient of the data back
// down. Phase B, over tiles of parameters: the tile's gradient over the whole batch, and its
// update. A batch of several chunks repeats A and the gradient of B chunk by chunk, each chain of
// additions going on where the chunk before left it; the update comes with the last chunk. A batch
// in shards does so shard by shard, each with chains of its own; they are added up in a tree, over
// ranks too, before the update.
#ifndef NABLA_FRAMEWORK_ENGINE_STEP_H_
#define NABLA_FRAMEWORK_ENGINE_STEP_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "framework/data/augmentation.h"
#include "framework/engine/network.h"
#include "framework/engine/plan.h"
#include "framework/engine/rows.h"
#include "framework/engine/shard_sums.h"
#include "framework/engine/threads.h"
#include "framework/model/dataset.h"
#include "framework/model/loss.h"
#include "framework/model/optimizer.h"

namespace nabla {

// What one batch gave, before its update.
struct BatchMetrics {
  double loss = 0;
  size_t rows = 0;
  size_t right = 0;  // rows whose largest output is their class; 0 without classes
};

// Limits on a step's gradient, as PyTorch's clip_grad_value_ and clip_grad_norm_; 0 = none.
struct Clipping {
  double value = 0;  // of each number, both signs
  double norm = 0;   // of all gradients together: g *= min(1, norm / (|g| + 1e-6))
};

template <typename T>
class Step {
 public:
  // Allocates everything for batches of up to `batch_rows`. All arguments must outlive the step,
  // except the plan: any will do, MakePlan's for the rows of a rank is the fast one.
  Step(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
       const Samples& samples, size_t batch_rows, Threads& threads, Plan plan,
       const Clipping& clipping = {}, const Augmentation& augmentation = {},
       const Sharding& sharding = {});

  // Trains on samples order[0 .. R), R <= batch_rows. `step` counts from 1; `key` is what random
  // layers draw from, `picture_key` with the number of a row what its augmentation does. Where
  // several ranks share the shards, each calls this with the same arguments, touches the rows of
  // its own shards only, and has the metrics and the parameters of the whole batch behind it.
  BatchMetrics Train(std::span<const uint32_t> order, double lr, int64_t step, uint64_t key,
                     uint64_t picture_key = 0);

  // Asks all ranks to stop with the next Train, or no longer.
  void AskToStop(bool stop) { ask_to_stop_ = stop; }
  // Whether a rank had asked before the last Train.
  bool stop_asked() const { return stop_asked_; }

  // Gradients as the last Train used them, for those who want to see them: as many as parameters,
  // each of its parameter's shape. Empty unless KeepGradients came before Train.
  const std::vector<OwnedMatrix<T>>& gradients() const { return gradients_; }
  void KeepGradients();

  // Outputs of layer i of this rank's last chunk, and their gradients (R, O).
  Matrix<const T> Output(size_t layer) const { return outputs_[layer].view(); }
  Matrix<const T> OutputGradient(size_t layer) const { return output_gradients_[layer].view(); }

  // The lowest layer with an output that was not finite, in the first chunk of this rank of which
  // the loss was not; nothing if there was none.
  std::optional<size_t> first_non_finite() const { return first_non_finite_; }

  // The optimizer's states: per parameter, per state, of the parameter's shape. For those who save
  // and restore them.
  const std::vector<std::vector<OwnedMatrix<T>>>& states() const { return states_; }
  std::vector<std::vector<OwnedMatrix<T>>>& states() { return states_; }

  const Plan& plan() const { return plan_; }

 private:
  // Runs the same pieces one by one, with a clock.
  template <typename U>
  friend class TimedStep;

  struct Batch {
    std::span<const uint32_t> order;  // rows of this chunk
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

  // Rows [begin, end) of a chunk.
  struct Span {
    size_t begin = 0;
    size_t end = 0;
  };

  // The same, run by one worker.
  struct Rows {
    size_t begin = 0;
    size_t end = 0;
    size_t worker = 0;
  };

  // Of the step under way.
  const Items& items() const { return tuner_.shared() ? plan_.shared : plan_.alone; }
  template <typename F>
  void Run(size_t items, F&& body);
  template <typename F>
  void RunRows(const Batch& batch, F&& body);
  // phases(chunk) for every chunk of every own shard of `whole`, and what all of them gave.
  template <typename F>
  ShardMetrics ForShards(const Batch& whole, F&& phases);
  template <typename F>
  ShardMetrics ForChunks(const Batch& part, F&& phases);
  // Adds those of rows [begin, end) of the chunk at hand, in their order.
  void AddRowMetrics(const Span& rows, ShardMetrics* metrics);
  // Shards that go through phase A together: as many as a chunk holds, where no layer tells them
  // apart.
  size_t ShardsAChunk() const;
  // Rows of a chunk that belong to its shard k.
  Span ShardRows(const Batch& batch, size_t k) const;
  // Of the whole batch.
  BatchMetrics Metrics(size_t rows, const ShardMetrics& sums) const;
  void NoteNonFinite();
  void PhaseA(const Batch& batch);
  void PhaseB(const Batch& batch);
  // The update with a gradient that was added up over ranks.
  void UpdateFromRanks(const Batch& whole);
  void ClipAndUpdate(const Batch& batch);
  void ComputeBatchStatistics(const Batch& batch, size_t which, bool back);

  void Gather(const Batch& batch, const Rows& rows);
  // Layers [first, last).
  void Forward(const Batch& batch, const Rows& rows, size_t first, size_t last);
  void ComputeLoss(const Batch& batch, const Rows& rows);
  // Layers [last, first], downwards: blockwise_gradient gradients, and data gradients above
  // first_trained.
  void Backward(const Batch& batch, const Rows& rows, size_t first, size_t last);
  void BackwardLayer(const Batch& batch, const Rows& rows, size_t layer);
  void AddBlockwiseGradient(const Rows& rows, size_t layer);
  void AddSkips(const Rows& rows, size_t source);
  Matrix<T> InputOf(size_t layer) const;
  // Rows [begin, end) of the chunk; without data where the first layer takes them dense.
  SparseRows<T> SparseInput(const Batch& batch, size_t begin, size_t end) const;
  void SumBlockwiseGradients(const Batch& batch, const Tile& tile, Matrix<T> gradient) const;
  // Of one chunk. Returns whether `gradient` has become that of the whole batch.
  bool FindWholeGradient(const Batch& batch, size_t tile, Matrix<T> gradient, size_t worker);
  void FindGradient(const Batch& batch, const Span& rows, size_t tile, Matrix<T> gradient,
                    size_t worker);
  // Whether the last of all updates of the batch come behind this chunk, on this rank alone.
  bool EndsBatch(const Batch& batch) const;
  void FinishGradient(const Batch& batch, const Tile& tile, Matrix<T> gradient);
  T NormFactor() const;
  static void ScaleGradient(Matrix<T> gradient, T factor);
  void Update(const Batch& batch, const Tile& tile, Matrix<T> gradient);
  Matrix<T> TileGradient(const Tile& tile, size_t worker) const;

  Network<T>& network_;
  const Loss<T>& loss_;
  const Optimizer<T>& optimizer_;
  const Samples& samples_;
  const size_t batch_rows_;
  Threads& threads_;
  const Plan plan_;
  size_t chunk_rows_ = 0;  // of the last chunk
  std::optional<size_t> first_non_finite_;
  bool ask_to_stop_ = false;
  bool stop_asked_ = false;
  ThreadTuner tuner_;
  const Clipping clipping_;
  const Augmentation augmentation_;
  const Sharding sharding_;
  std::optional<ShardSums<T>> shard_sums_;  // where there are several shards
  const size_t shards_a_chunk_;

  const bool sparse_;              // whether the first layer gets its rows sparse
  const ByteTable<T> byte_table_;  // what sparse bytes stand for

  // Of one chunk:
  OwnedMatrix<T> inputs_;                         // unused where sparse_
  std::vector<OwnedMatrix<T>> outputs_;           // per layer (R, O)
  std::vector<OwnedMatrix<T>> output_gradients_;  // per layer (R, O)
  std::vector<OwnedMatrix<T>> saved_;             // per layer (R, saved_per_row)
  std::vector<int32_t> labels_;
  OwnedMatrix<T> target_values_;
  std::vector<double> row_losses_;
  std::vector<uint8_t> row_right_;

  std::vector<OwnedMatrix<T>> statistics_;  // per layer (channels, statistics)
  // Per blockwise_gradient parameter: its gradient of every kGradientRows rows, one below the
  // other.
  std::vector<OwnedMatrix<T>> blockwise_gradients_;
  std::vector<Storage<T>> scratch_;        // per worker
  std::vector<Storage<T>> pictures_;       // per worker, one row each; none without augmentation
  std::vector<Matrix<T>> mutable_values_;  // of all parameters, for ComputeBatchStatistics

  std::vector<std::vector<OwnedMatrix<T>>> states_;  // per parameter, per state
  std::vector<OwnedMatrix<T>> gradients_;            // per parameter, where they must be whole
  std::vector<std::vector<double>> row_squares_;     // per parameter row, for the norm
  std::vector<Storage<T>> column_sums_;              // per tile, where sparse rows are folded
  std::vector<Storage<T>> tile_gradients_;           // per worker, where they need not
};

template <typename T>
template <typename F>
void Step<T>::Run(size_t items, F&& body) {
  if (tuner_.shared()) {
    threads_.Run(items, body);
  } else {
    for (size_t item = 0; item < items; ++item) body(item, size_t{0});
  }
}

template <typename T>
template <typename F>
ShardMetrics Step<T>::ForShards(const Batch& whole, F&& phases) {
  if (!shard_sums_) return ForChunks(whole, phases);
  ShardMetrics metrics;
  const size_t own = sharding_.own();
  for (size_t shard = 0; shard < own; shard += shards_a_chunk_) {
    Batch part = whole;
    part.shard = shard;
    part.shards = std::min(shards_a_chunk_, own - shard);
    part.first_row = sharding_.Begin(sharding_.first() + shard, whole.rows);
    const size_t end = sharding_.Begin(sharding_.first() + shard + part.shards, whole.rows);
    part.order = whole.order.subspan(part.first_row, end - part.first_row);
    shard_sums_->Begin(shard);
    const ShardMetrics of_one = ForChunks(part, phases);
    for (size_t k = 0; k < part.shards; ++k) {
      const Span rows = ShardRows(part, k);
      metrics = of_one;
      if (part.shards > 1) {
        metrics = {};
        AddRowMetrics(rows, &metrics);
      }
      const auto share = static_cast<double>(rows.end - rows.begin);
      shard_sums_->End(shard + k, share / static_cast<double>(whole.rows), &metrics);
    }
  }
  return metrics;
}

// A shard without a row is a chunk without a row.
template <typename T>
template <typename F>
ShardMetrics Step<T>::ForChunks(const Batch& part, F&& phases) {
  ShardMetrics metrics;
  size_t begin = 0;
  do {
    const size_t rows = std::min(plan_.chunk_rows, part.order.size() - begin);
    Batch batch = part;
    batch.order = part.order.subspan(begin, rows);
    batch.first_chunk = begin == 0;
    batch.last_chunk = begin + rows == part.order.size();
    batch.first_row = part.first_row + begin;
    chunk_rows_ = rows;
    phases(batch);
    AddRowMetrics({0, rows}, &metrics);
    if (!std::isfinite(metrics.loss)) NoteNonFinite();
    begin += rows;
  } while (begin < part.order.size());
  return metrics;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_STEP_H_
