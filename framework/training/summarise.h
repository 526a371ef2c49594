// The results of a training run that has ended or paused.
#ifndef NABLA_FRAMEWORK_TRAINING_SUMMARISE_H_
#define NABLA_FRAMEWORK_TRAINING_SUMMARISE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "framework/record/run_folder.h"
#include "framework/record/run_metrics.h"
#include "framework/training/experiment.h"

namespace nabla {

enum class Status { kComplete, kStopped, kDiverged };

// `dataset` is the data set that was actually used; `failure` says why the run diverged,
// "" if it did not.
template <typename T>
Summary Summarise(Experiment<T>& experiment, Status status, const std::string& dataset,
                  size_t threads, const std::string& failure);

// The metrics of the weights as they are now, which may be within an epoch: those that an evaluated
// epoch before the last one has. train_loss and train_accuracy are those of the last epoch, or of
// the batches since then. Nothing once `stop` says so. At least one step must be done.
template <typename T>
std::optional<NamedMetrics> MetricsNow(Experiment<T>& experiment,
                                       const std::function<bool()>& stop);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_SUMMARISE_H_
