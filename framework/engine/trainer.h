// Epochs of training steps, with evaluations between them.
#ifndef NABLA_FRAMEWORK_ENGINE_TRAINER_H_
#define NABLA_FRAMEWORK_ENGINE_TRAINER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "framework/base/generator.h"
#include "framework/engine/batch_rows.h"
#include "framework/engine/evaluation.h"
#include "framework/engine/step.h"
#include "framework/model/schedule.h"

namespace nabla {

// The train_loss of an epoch: a mean of the losses that its batches had before their updates, each
// counted once or by the weight of its rows, without batches whose rows all weigh 0; or the loss of
// all training rows with the weights after the epoch. The accuracy is that of the same rows and
// parameters, of which each row counts the same.
enum class TrainLoss { kBatches, kRows, kAfter };

struct EpochMetrics;

// Reductions of the schedule's rate that depend on the epochs so far.
struct RateReduction {
  // How many there were; empty: none. A pure function, so that a resumed run needs no other state.
  std::function<int64_t(const std::vector<EpochMetrics>&)> count;
  double factor = 1;  // of each
  double least = 0;   // the rate is not reduced below this
};

struct TrainSettings {
  size_t batch_size = 1;
  size_t epochs = 1;
  bool shuffle = true;
  bool drop_last = false;
  size_t rows_per_epoch = 0;  // how many rows of an epoch's order are used; 0 = all
  OrderKind order = OrderKind::kPermutation;
  uint64_t seed = 0;
  Clipping clipping;
  Augmentation augmentation;
  Sharding sharding;
  TrainLoss train_loss = TrainLoss::kBatches;
  bool evaluate_train = false;  // on all training rows, after the epoch
  bool evaluate_validation = false;
  bool evaluate_test = true;
  bool test_at_end =
      false;  // only after the last epoch, so that nothing is chosen by the test rows
  size_t evaluate_every = 1;  // epochs; the last epoch is always evaluated
  bool norms = false;         // of weights and gradients after every epoch
  RateReduction reduction;
};

// The metrics of one epoch; accuracies are fractions. What was not computed is absent.
struct EpochMetrics {
  int64_t epoch = 0;                     // counts from 1
  double train_loss = 0;                 // what TrainSettings::train_loss says
  std::optional<double> train_accuracy;  // with evaluate_train, of all rows after the epoch;
                                         // otherwise like train_loss
  std::optional<double> validation_loss;
  std::optional<double> validation_accuracy;
  std::optional<double> test_loss;
  std::optional<double> test_accuracy;
  std::vector<std::pair<std::string, double>> train_metrics;  // other than accuracy, of all rows
                                                              // with evaluate_train
  std::vector<std::pair<std::string, double>> validation_metrics;  // likewise
  std::vector<std::pair<std::string, double>> test_metrics;        // accuracy too
  std::vector<NamedMatrix> test_matrices;
  std::optional<double> learning_rate;  // of the last step
  // Euclidean norms, by name of each trained parameter, if `norms` is set: of the weights after the
  // epoch, and of the gradient of its last batch as the optimizer got it. The latter are unknown to
  // a run that resumes right after that batch.
  std::vector<std::pair<std::string, double>> weight_norms;
  std::vector<std::pair<std::string, double>> gradient_norms;
  double seconds = 0;  // of training, without evaluation
  double samples_per_second = 0;
};

// The loss or a weight is no longer finite.
class Diverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The progress of a training run. With the parameters and the optimizer's states, it is enough to
// resume exactly there.
struct TrainingState {
  int64_t steps = 0;               // done, in all epochs
  std::vector<uint32_t> order;     // of the rows in the current epoch; as many as there are rows
  std::vector<uint8_t> generator;  // Generator::State
  size_t batches = 0;              // done in the current epoch
  // Sums over those batches:
  double loss_sum = 0;
  std::optional<double> loss_weight = 0.0;  // its divisor; unknown to older checkpoints
  double accuracy_sum = 0;
  uint64_t rows = 0;
  double seconds = 0;
  std::vector<EpochMetrics> history;  // of the completed epochs
  // Of the last step, where norms are wanted and all batches of the current epoch are done.
  std::vector<std::pair<std::string, double>> gradient_norms;
};

// Callbacks of a training run, each optional. All are called from the thread that trains.
template <typename T>
struct Follower {
  std::function<void(const EpochMetrics&)> on_epoch;
  // After every step; `batch` of `batches` in this epoch are done.
  std::function<void(int64_t epoch, size_t batch, size_t batches, const BatchMetrics&)> on_batch;
  // After every step, for code that inspects its values.
  std::function<void(const Step<T>&)> on_step;
  // After every step, and during evaluations: whether to stop now.
  std::function<bool()> stop;
  // After every epoch, whose last evaluation may still be missing then: whether training is
  // complete although epochs are left.
  std::function<bool()> enough;
};

template <typename T>
class Trainer {
 public:
  // All arguments must outlive the trainer. `generator` has already drawn the weights.
  Trainer(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
          const Schedule& schedule, std::vector<std::shared_ptr<const Metric<T>>> metrics,
          const DataSplits& data, const TrainSettings& settings, Generator& generator,
          Threads& threads, const StepOptions<T>& options = {});

  // Trains until the last epoch is done, or until stop() or enough() returns true. Returns false if
  // it was stop(). Throws Diverged.
  bool Run(const Follower<T>& follower);

  int64_t steps() const { return at_.steps; }             // done
  size_t Batches() const { return CountBatches(Cut()); }  // in an epoch
  // The rows of the last step, in its order, until the next one or the end of its epoch.
  std::span<const uint32_t> LastBatch() const;

  // The state that a later Run can resume from; followers may call this at any time.
  TrainingState state() const;
  // Makes Run resume from `state`. Throws InputError if it does not fit the data and generator.
  void Restore(const TrainingState& state);

  // The metrics of the last epoch, without those of an evaluation that was made only since it is
  // the last one.
  EpochMetrics LastAsDue() const;
  // Before Run, after Restore from a training that was to have fewer epochs: that one evaluated its
  // last epoch although no evaluation was due.
  void ForgetLastEvaluation();

  const std::vector<EpochMetrics>& history() const { return at_.history; }
  Step<T>& step() { return step_; }

 private:
  int64_t Epoch() const { return static_cast<int64_t>(at_.history.size()) + 1; }
  // Trains the remaining batches of the epoch; returns false if stopped.
  bool TrainEpoch(const Follower<T>& follower);
  // Where batch number `batch` of an epoch lies in its order.
  std::span<const uint32_t> BatchAt(size_t batch) const;
  BatchCut Cut() const;  // of one epoch
  BatchMetrics TrainBatch();
  double Rate(int64_t step) const;  // for the step that follows `step` steps
  [[noreturn]] void Diverge(double loss) const;
  // Throws Diverged if the last update left a weight or the loss non-finite.
  void CheckEnd() const;
  // "" if every layer's output was finite.
  std::string FirstNonFiniteLayer() const;
  EpochMetrics Summarise() const;
  std::vector<std::pair<std::string, double>> GradientNorms() const;
  // The divisor of the sum of the accuracies of so many batches.
  double AccuracyWeight(size_t batches) const;
  // Of the epoch's batches, all of which are done.
  double MeanAccuracy() const;
  // Ends the epoch that was trained; returns false if stopped, which leaves all of this to be done.
  bool EndEpoch(const Follower<T>& follower);
  // Evaluates all but the test rows. Returns false if stopped.
  bool Evaluate(const std::function<bool()>& stop, EpochMetrics* metrics);
  // The same for the test rows, and for the training rows.
  bool EvaluateTest(const std::function<bool()>& stop, EpochMetrics* metrics);
  bool EvaluateTrain(const std::function<bool()>& stop, EpochMetrics* metrics);

  const Network<T>& network_;
  const Loss<T>& loss_;
  const Schedule& schedule_;
  const DataSplits& data_;
  const TrainSettings settings_;
  Generator& generator_;
  Threads& threads_;
  const double base_rate_;
  const StepOptions<T> options_;
  Step<T> step_;
  std::optional<Evaluation<T>> train_evaluation_;
  std::optional<Evaluation<T>> validation_evaluation_;
  std::optional<Evaluation<T>> test_evaluation_;
  TrainingState at_;             // without the generator's part
  bool knows_gradient_ = false;  // step_ has that of the last step
  bool ended_early_ = false;     // enough() said so
  int64_t reductions_ = 0;       // of the rate of this epoch
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_TRAINER_H_
