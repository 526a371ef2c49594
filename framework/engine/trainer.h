// Epochs of steps, and evaluations between them.
#ifndef NABLA_FRAMEWORK_ENGINE_TRAINER_H_
#define NABLA_FRAMEWORK_ENGINE_TRAINER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "framework/base/generator.h"
#include "framework/engine/evaluation.h"
#include "framework/engine/step.h"
#include "framework/model/schedule.h"

namespace nabla {

struct TrainSettings {
  size_t batch_size = 1;
  size_t epochs = 1;
  bool shuffle = true;
  bool drop_last = false;
  size_t rows_per_epoch = 0;  // the first so many of an epoch's order; 0 = all
  OrderKind order = OrderKind::kPermutation;
  uint64_t seed = 0;
  Clipping clipping;
  Augmentation augmentation;
  bool evaluate_train = false;  // on all training rows after the epoch
  bool evaluate_test = true;
  size_t evaluate_every = 1;  // epochs; the last epoch is always evaluated
};

// The figures of one epoch; accuracies are fractions. What was not computed is absent.
struct EpochFigures {
  int64_t epoch = 0;      // counts from 1
  double train_loss = 0;  // mean of the batches' losses, each before its update, whatever its rows
  std::optional<double> train_accuracy;  // of all rows after the epoch if that was asked for, else
                                         // the mean of the batches' fractions, before their updates
  std::optional<double> test_loss;
  std::optional<double> test_accuracy;
  std::vector<std::pair<std::string, double>> test_metrics;
  std::vector<NamedMatrix> test_matrices;
  double seconds = 0;  // of training, without evaluation
  double samples_per_second = 0;
};

// A loss that is no number: training has lost its way.
class Diverged : public std::runtime_error {
 public:
  Diverged(int64_t epoch, int64_t step, double loss);
};

// Who follows a training. Every call comes from the thread that trains.
template <typename T>
struct Follower {
  std::function<void(const EpochFigures&)> on_epoch;
  // After every step: `batch` of `batches` in this epoch are done.
  std::function<void(int64_t epoch, size_t batch, size_t batches, const BatchFigures&)> on_batch;
  // After every step, for those who look inside.
  std::function<void(const Step<T>&)> on_step;
  // Asked after every step: whether to stop now.
  std::function<bool()> stop;
};

template <typename T>
class Trainer {
 public:
  // All arguments must outlive the trainer. `generator` goes on after it drew the weights.
  Trainer(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
          const Schedule& schedule, std::vector<std::shared_ptr<const Metric<T>>> metrics,
          const DataSplits& data, const TrainSettings& settings, Generator& generator,
          Threads& threads);

  // Trains until the last epoch is done or stop() says so; returns whether it is done. Throws
  // Diverged.
  bool Run(const Follower<T>& follower);

  const std::vector<EpochFigures>& history() const { return history_; }
  Step<T>& step() { return step_; }

 private:
  // One epoch's training part; returns false if stopped.
  bool TrainEpoch(const Follower<T>& follower, EpochFigures* figures);
  void Evaluate(EpochFigures* figures);
  size_t EpochRows() const;
  size_t Batches() const;

  const Schedule& schedule_;
  const DataSplits& data_;
  const TrainSettings settings_;
  Generator& generator_;
  const double base_rate_;
  Step<T> step_;
  std::optional<Evaluation<T>> train_evaluation_;
  std::optional<Evaluation<T>> test_evaluation_;
  std::vector<uint32_t> order_;
  int64_t steps_done_ = 0;
  std::vector<EpochFigures> history_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_TRAINER_H_
