// Builds a model that is ready to train, and its data, from an experiment.
#ifndef NABLA_FRAMEWORK_TRAINING_EXPERIMENT_H_
#define NABLA_FRAMEWORK_TRAINING_EXPERIMENT_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/data/files.h"
#include "framework/engine/batch_rows.h"
#include "framework/engine/trainer.h"
#include "framework/plugin/registry.h"
#include "framework/spec/spec.h"
#include "framework/training/initial_weights.h"
#include "framework/training/prepared_data.h"

namespace nabla {

// Tells the user what went wrong; the run continues.
using Warn = std::function<void(const std::string&)>;

// The data set that replaces one that is not available.
inline constexpr const char* kSyntheticDigits = "synthetic_digits";

// Loads and prepares the rows of an experiment, and warns of the remarks on them. If its data set
// is neither on disk nor available from the network, synthetic digits replace it under their own
// name, with a warning.
PreparedData LoadData(const ExperimentHead& spec, const Registry& registry, Files& files,
                      const Warn& warn);

// Above which a single output means class 1: what a listed accuracy says, or where both classes are
// equally probable. The experiment must have a loss.
template <typename T>
double ThresholdOf(const ExperimentSpec<T>& spec);

// Throws InputError, which begins with `key`, if the metric that this key of the file names is not
// computed after every evaluated epoch. The experiment must have a loss and metrics.
template <typename T>
void CheckIsFollowed(const char* key, const std::string& name, const ExperimentSpec<T>& spec,
                     const DataSplits& data);

// Throws what Experiment throws.
void CheckBuilds(const AnySpec& spec, const Registry& registry, const DataSplits& data);

// An experiment with its network and trainer, ready to train; a loss and metrics that it left open
// are those of FitTask. `data` and `threads` must outlive it.
template <typename T>
class Experiment {
 public:
  // Throws InputError, placed in the file, if shapes do not match or settings contradict each
  // other. Several ranks share the shards of every batch.
  Experiment(ExperimentSpec<T> spec, const Registry& registry, const DataSplits& data,
             Threads& threads, Ranks* ranks = nullptr);

  const ExperimentSpec<T>& spec() const { return spec_; }
  Network<T>& network() { return *network_; }
  Trainer<T>& trainer() { return *trainer_; }
  const Trainer<T>& trainer() const { return *trainer_; }
  // What was taken from init_from, if the experiment has it.
  const std::optional<InitialWeights>& initial_weights() const { return initial_weights_; }
  // The loss of the first N training rows before the first step, by N, for each reference that
  // names it.
  const std::map<int64_t, double>& initial_losses() const { return initial_losses_; }
  const DataSplits& data() const { return data_; }
  // The loss, as it is shown, and the metrics of one of the data's splits with the weights as they
  // are now. Nothing once `stop` says so.
  std::optional<EvaluationResult> Evaluate(const Samples& rows, const std::function<bool()>& stop);

 private:
  ExperimentSpec<T> spec_;
  const DataSplits& data_;
  Threads& threads_;
  std::vector<std::shared_ptr<const Metric<T>>> metrics_;
  StepOptions<T> options_;
  std::unique_ptr<Generator> generator_;
  std::unique_ptr<Network<T>> network_;
  std::optional<InitialWeights> initial_weights_;
  std::unique_ptr<Trainer<T>> trainer_;
  std::map<int64_t, double> initial_losses_;
};

// How such a training cuts the epochs of so many rows.
BatchCut CutOf(const TrainSection& train, size_t rows);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_EXPERIMENT_H_
