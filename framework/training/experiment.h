// From a config tree to a model that is ready to train, on the rows that it asks for.
#ifndef NABLA_FRAMEWORK_TRAINING_EXPERIMENT_H_
#define NABLA_FRAMEWORK_TRAINING_EXPERIMENT_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/data/files.h"
#include "framework/engine/trainer.h"
#include "framework/plugin/registry.h"
#include "framework/record/model_input.h"
#include "framework/spec/spec.h"

namespace nabla {

// Tells the user what went wrong without ending anything.
using Warn = std::function<void(const std::string&)>;

// The data set that replaces one that is not available.
inline constexpr const char* kSyntheticDigits = "synthetic_digits";

// Rows to train on, and how they came from what a data set holds.
struct PreparedData : DataSplits {
  ModelInput input;
};

// What a data set loaded: the rows that an experiment asks for, as it asks for them, in the form
// that is fastest to train on.
PreparedData PrepareData(const ExperimentHead& spec, DataSplits data);

// What decides the outcome of PrepareData, for those who keep it.
Node DataConfig(const ExperimentHead& spec);

// The rows that an experiment asks for, prepared. Where a data set is neither present nor
// available, synthetic digits take its place under their own name, with a warning that says so.
PreparedData LoadData(const ExperimentHead& spec, const Registry& registry, Files& files,
                      const Warn& warn);

// A spec with everything made from it, ready to train. `data` and `threads` must outlive it.
template <typename T>
class Experiment {
 public:
  // Throws InputError where shapes do not fit, at the place in the file. Several ranks share the
  // shards of every batch.
  Experiment(ExperimentSpec<T> spec, const Registry& registry, const DataSplits& data,
             Threads& threads, Ranks* ranks = nullptr);

  const ExperimentSpec<T>& spec() const { return spec_; }
  Network<T>& network() { return *network_; }
  Trainer<T>& trainer() { return *trainer_; }
  // The loss of the first rows to train on before the first step, by how many rows, for each
  // reference that names it.
  const std::map<int64_t, double>& initial_losses() const { return initial_losses_; }

 private:
  ExperimentSpec<T> spec_;
  std::unique_ptr<Generator> generator_;
  std::unique_ptr<Network<T>> network_;
  std::unique_ptr<Trainer<T>> trainer_;
  std::map<int64_t, double> initial_losses_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_EXPERIMENT_H_
