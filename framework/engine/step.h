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
#include "framework/engine/batch_walk.h"
#include "framework/engine/network.h"
#include "framework/engine/plan.h"
#include "framework/engine/rows.h"
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

// Arrays of state that an optimizer may keep.
inline constexpr size_t kMostStates = 8;

template <typename T>
class Step {
 public:
  // Allocates everything for batches of up to `batch_rows`. Throws InputError for an optimizer with
  // too many states. All arguments must outlive the step,
  // except the plan: any will do, MakePlan's for the rows of a rank is the fast one.
  Step(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
       const Samples& samples, size_t batch_rows, Threads& threads, Plan plan,
       const Clipping& clipping = {}, const Augmentation& augmentation = {},
       const Sharding& sharding = {});

  // Trains on samples order[0 .. R), R <= batch_rows. `step` counts from 1; `key` is what random
  // layers draw from, `picture_key` with the number of a row what its augmentation does. Where
  // several ranks share the shards, each calls this with the same arguments, reads the rows of its
  // own shards only, and ends up with the metrics and the parameters of the whole batch.
  BatchMetrics Train(std::span<const uint32_t> order, double lr, int64_t step, uint64_t key,
                     uint64_t picture_key = 0);

  // Asks all ranks to stop with the next Train, or no longer.
  void AskToStop(bool stop) { ask_to_stop_ = stop; }
  // Whether a rank had asked before the last Train.
  bool stop_asked() const { return stop_asked_; }

  // Gradients as the last Train used them, for code that shows them: one per parameter,
  // each of its parameter's shape. Empty unless KeepGradients came before Train.
  const std::vector<OwnedMatrix<T>>& gradients() const { return gradients_; }
  void KeepGradients();

  // Outputs of layer i of this rank's last chunk, and their gradients (R, O).
  Matrix<const T> Output(size_t layer) const { return outputs_[layer].view(); }
  Matrix<const T> OutputGradient(size_t layer) const { return output_gradients_[layer].view(); }

  // The lowest layer with an output that was not finite, in the first chunk of this rank of which
  // the loss was not; nothing if there was none.
  std::optional<size_t> first_non_finite() const { return first_non_finite_; }

  // The optimizer's states: per parameter, per state, of the parameter's shape. For code that
  // saves and restores them.
  const std::vector<std::vector<OwnedMatrix<T>>>& states() const { return states_; }
  std::vector<std::vector<OwnedMatrix<T>>>& states() { return states_; }

  const Plan& plan() const { return plan_; }

 private:
  // Runs the same pieces one by one, with a clock.
  template <typename U>
  friend class TimedStep;

  // Rows [begin, end) of a chunk, run by one worker.
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
  void RunRows(const Chunk& chunk, F&& body);
  // Of the whole batch.
  BatchMetrics Metrics(size_t rows, const ShardMetrics& sums) const;
  // Notes the first layer whose output is not finite, of a chunk of `rows` rows.
  void NoteNonFinite(size_t rows);
  void PhaseA(const Chunk& chunk);
  void PhaseB(const Chunk& chunk);
  // The update with a gradient that was added up over ranks.
  void UpdateFromRanks(const Chunk& whole);
  void ClipAndUpdate(const Chunk& chunk);
  void ComputeBatchStatistics(const Chunk& chunk, size_t which, bool back);

  void Gather(const Chunk& chunk, const Rows& rows);
  // Layers [first, last).
  void Forward(const Chunk& chunk, const Rows& rows, size_t first, size_t last);
  void ComputeLoss(const Chunk& chunk, const Rows& rows);
  // Layers [last, first], downwards: blockwise_gradient gradients, and data gradients above
  // first_trained.
  void Backward(const Chunk& chunk, const Rows& rows, size_t first, size_t last);
  void BackwardLayer(const Chunk& chunk, const Rows& rows, size_t layer);
  void AddBlockwiseGradient(const Rows& rows, size_t layer);
  void AddSkips(const Rows& rows, size_t source);
  Matrix<T> InputOf(size_t layer) const;
  // Rows [begin, end) of the chunk; without data where the first layer takes them dense.
  SparseRows<T> SparseInput(const Chunk& chunk, size_t begin, size_t end) const;
  void SumBlockwiseGradients(const Chunk& chunk, const Tile& tile, Matrix<T> gradient) const;
  // Of one chunk. Returns whether `gradient` has become that of the whole batch.
  bool FindWholeGradient(const Chunk& chunk, size_t tile, Matrix<T> gradient, size_t worker);
  void FindGradient(const Chunk& chunk, const RowSpan& rows, size_t tile, Matrix<T> gradient,
                    size_t worker);
  void FinishGradient(const Chunk& chunk, const Tile& tile, Matrix<T> gradient);
  T NormFactor() const;
  static void ScaleGradient(Matrix<T> gradient, T factor);
  void Update(const Chunk& chunk, const Tile& tile, Matrix<T> gradient);
  Matrix<T> TileGradient(const Tile& tile, size_t worker) const;

  Network<T>& network_;
  const Loss<T>& loss_;
  const Optimizer<T>& optimizer_;
  const Samples& samples_;
  const size_t batch_rows_;
  Threads& threads_;
  const Plan plan_;
  std::optional<size_t> first_non_finite_;
  bool ask_to_stop_ = false;
  bool stop_asked_ = false;
  ThreadTuner tuner_;
  const Clipping clipping_;
  const Augmentation augmentation_;
  BatchWalk<T> walk_;

  const bool sparse_;              // whether the first layer gets its rows sparse
  const ByteTable<T> byte_table_;  // what sparse bytes stand for

  // Of one chunk:
  OwnedMatrix<T> inputs_;                         // unused where sparse_
  std::vector<OwnedMatrix<T>> outputs_;           // per layer (R, O)
  std::vector<OwnedMatrix<T>> output_gradients_;  // per layer (R, O)
  std::vector<OwnedMatrix<T>> saved_;             // per layer (R, saved_per_row)
  std::vector<int32_t> labels_;
  OwnedMatrix<T> target_values_;
  RowMetrics row_metrics_;

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

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_STEP_H_
