// One training step in two phases, without reductions over threads and without allocations.
//
// Phase A, over blocks of batch rows: gather, forward, loss, and backward for the gradients of the
// layers' inputs. Phase B, over tiles of parameters: the tile's gradient over the whole batch, and
// its update. Each element is thus summed by one worker, and threads cannot change its bits.
//
// A batch of several chunks repeats A and the gradient of B for each chunk, and every sum continues
// where the previous chunk stopped; the update follows the last chunk. A batch in shards does the
// same for each shard, with sums of its own, which are added up in a tree, also over ranks, before
// the update.
#ifndef NABLA_FRAMEWORK_ENGINE_STEP_H_
#define NABLA_FRAMEWORK_ENGINE_STEP_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "framework/engine/augmentation.h"
#include "framework/engine/batch_walk.h"
#include "framework/engine/network.h"
#include "framework/engine/penalties.h"
#include "framework/engine/plan.h"
#include "framework/engine/rows.h"
#include "framework/engine/threads.h"
#include "framework/model/dataset.h"
#include "framework/model/loss.h"
#include "framework/model/optimizer.h"

namespace nabla {

// The results of one batch, before its update.
struct BatchMetrics {
  double loss = 0;
  size_t rows = 0;
  double weight = 0;  // of all rows in the loss, as WeightOf has it; 0: the loss says nothing
  size_t right = 0;   // rows whose largest output is that of their class; 0 without classes
};

// Limits on a step's gradient, as PyTorch's clip_grad_value_ and clip_grad_norm_; 0 = none.
struct Clipping {
  double value = 0;  // of the absolute value of each element
  double norm = 0;   // of all gradients together: g *= min(1, norm / (|g| + 1e-6))
};

// How a parameter is updated.
template <typename T>
struct ParameterUpdate {
  double lr_scale = 1;                                      // of the step's rate
  std::shared_ptr<const Optimizer<T>> optimizer = nullptr;  // null: the step's; with as many states
};

// What a step does beyond the plain one.
template <typename T>
struct StepOptions {
  Penalties<T> penalties = {};
  const Loss<T>* shown = nullptr;  // gives the losses of the metrics; null: the trained loss
  double threshold = 0.5;          // above which a single output means class 1, not class 0
  std::vector<double> class_weights = {};  // (C): how much a row of each class counts in the loss;
                                           // empty: all rows count the same
  std::vector<ParameterUpdate<T>> updates = {};  // of each parameter; empty: all alike
  bool share_bias_gradients = false;  // every unit's bias gets the sum over all of its layer
};

// State arrays that an optimizer may keep: each update holds pointers to them on the stack.
inline constexpr size_t kMostStates = 8;

template <typename T>
class Step {
 public:
  // Allocates everything for batches of up to `batch_rows` rows. Throws InputError for an optimizer
  // with too many state arrays. All arguments but the plan must outlive the step. Any plan gives
  // the same bits; the one that MakePlan returns for the rows of a rank is fast.
  Step(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
       const Samples& samples, size_t batch_rows, Threads& threads, Plan plan,
       const Clipping& clipping = {}, const Augmentation& augmentation = {},
       const Sharding& sharding = {}, StepOptions<T> options = {});

  // Trains on samples order[0 .. R), R <= batch_rows. `step` counts from 1; `key` seeds random
  // layers; `picture_key`, with a row's index, seeds its augmentation. If several ranks share the
  // shards, each calls this with the same arguments, reads only the rows of its own shards, and
  // ends up with the metrics and the parameters of the whole batch.
  BatchMetrics Train(std::span<const uint32_t> order, double lr, int64_t step, uint64_t key,
                     uint64_t picture_key = 0);

  // Makes the next Train ask all ranks to stop, or withdraws that.
  void AskToStop(bool stop) { ask_to_stop_ = stop; }
  // Whether any rank asked in the last Train.
  bool stop_asked() const { return stop_asked_; }

  // The gradients that the last Train used, for code that shows them: one per parameter, of the
  // parameter's shape. Empty unless KeepGradients was called before, or the step keeps them itself.
  const std::vector<OwnedMatrix<T>>& gradients() const { return gradients_; }
  void KeepGradients();

  // Outputs of a layer for this rank's last chunk, and their gradients (R, O).
  Matrix<const T> Output(size_t layer) const { return outputs_[layer].view(); }
  Matrix<const T> OutputGradient(size_t layer) const { return output_gradients_[layer].view(); }

  // The lowest layer with a non-finite output in this rank's first chunk with a non-finite loss;
  // nothing if there was none.
  std::optional<size_t> first_non_finite() const { return first_non_finite_; }

  // The optimizer's states: per parameter, per state, of the parameter's shape. For code that
  // saves and restores them.
  const std::vector<std::vector<OwnedMatrix<T>>>& states() const { return states_; }
  std::vector<std::vector<OwnedMatrix<T>>>& states() { return states_; }

  const Plan& plan() const { return plan_; }

 private:
  // Times the same phases one by one.
  template <typename U>
  friend class TimedStep;

  // Rows [begin, end) of a chunk, run by one worker.
  struct Rows {
    size_t begin = 0;
    size_t end = 0;
    size_t worker = 0;
  };

  // For the current step: those for one thread or for all.
  const Items& items() const { return tuner_.shared() ? plan_.shared : plan_.alone; }
  template <typename F>
  void Run(size_t items, F&& body);
  template <typename F>
  void RunRows(const Chunk& chunk, F&& body);
  // For the whole batch.
  BatchMetrics Metrics(const Chunk& whole, const ShardMetrics& sums) const;
  // Notes the lowest layer with a non-finite output in a chunk of `rows` rows.
  void NoteNonFinite(size_t rows);
  void PhaseA(const Chunk& chunk);
  void PhaseB(const Chunk& chunk);
  // Updates with the gradient that was added up over ranks.
  void UpdateFromRanks(const Chunk& whole);
  void ClipAndUpdate(const Chunk& chunk);
  void ComputeBatchStatistics(const Chunk& chunk, size_t which, bool back);

  void Gather(const Chunk& chunk, const Rows& rows);
  // Layers [first, last).
  void Forward(const Chunk& chunk, const Rows& rows, size_t first, size_t last);
  void ComputeLoss(const Chunk& chunk, const Rows& rows);
  // Multiplies losses and their gradients by the weights of the rows.
  void WeightRows(const Chunk& chunk, const Rows& rows);
  const Loss<T>& ShownLoss() const { return options_.shown != nullptr ? *options_.shown : loss_; }
  // Layers [last, first], downwards: gradients of blockwise_gradient parameters, and of the inputs
  // of layers above first_trained, below which nothing is trained.
  void Backward(const Chunk& chunk, const Rows& rows, size_t first, size_t last);
  void BackwardLayer(const Chunk& chunk, const Rows& rows, size_t layer);
  void AddBlockwiseGradient(const Rows& rows, size_t layer);
  void AddSkips(const Rows& rows, size_t source);
  Matrix<T> InputOf(size_t layer) const;
  // Rows [begin, end) of the chunk; without data if the first layer takes dense rows.
  SparseRows<T> SparseInput(const Chunk& chunk, size_t begin, size_t end) const;
  void SumBlockwiseGradients(const Chunk& chunk, const Tile& tile, Matrix<T> gradient) const;
  // For one chunk. Returns whether `gradient` is now that of the whole batch.
  bool FindWholeGradient(const Chunk& chunk, size_t tile, Matrix<T> gradient, size_t worker);
  void FindGradient(const Chunk& chunk, const RowSpan& rows, size_t tile, Matrix<T> gradient,
                    size_t worker);
  void FinishGradient(const Chunk& chunk, const Tile& tile, Matrix<T> gradient);
  static void ShareGradient(Matrix<T> gradient);
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
  const StepOptions<T> options_;
  BatchWalk<T> walk_;

  const bool sparse_;              // whether the first layer takes sparse rows
  const ByteTable<T> byte_table_;  // the numbers that sparse bytes represent

  // For one chunk:
  OwnedMatrix<T> inputs_;                         // empty if sparse_
  std::vector<OwnedMatrix<T>> outputs_;           // per layer (R, O)
  std::vector<OwnedMatrix<T>> output_gradients_;  // per layer (R, O)
  std::vector<OwnedMatrix<T>> saved_;             // per layer (R, saved_per_row)
  std::vector<int32_t> labels_;
  OwnedMatrix<T> target_values_;
  OwnedMatrix<T> shown_gradients_;  // of a loss that is only shown, which nobody uses
  RowMetrics row_metrics_;

  std::vector<OwnedMatrix<T>> statistics_;  // per layer (channels, statistics)
  // Per blockwise_gradient parameter: its gradient over every kGradientRows rows, stacked.
  std::vector<OwnedMatrix<T>> blockwise_gradients_;
  std::vector<Storage<T>> scratch_;        // per worker
  std::vector<Storage<T>> pictures_;       // per worker, one row each; none without augmentation
  std::vector<Matrix<T>> mutable_values_;  // of all parameters, for ComputeBatchStatistics

  std::vector<std::vector<OwnedMatrix<T>>> states_;  // per parameter, per state
  std::vector<OwnedMatrix<T>> gradients_;            // per parameter, if they must be kept whole
  std::vector<std::vector<double>> row_squares_;     // sum of squares per row, for the norm
  std::vector<Storage<T>> column_sums_;              // per tile, if byte 0 is not the number 0
  std::vector<Storage<T>> tile_gradients_;           // per worker, otherwise
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
