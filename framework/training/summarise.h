// The results of a training run that has ended.
#ifndef NABLA_FRAMEWORK_TRAINING_SUMMARISE_H_
#define NABLA_FRAMEWORK_TRAINING_SUMMARISE_H_

#include <cstddef>
#include <string>

#include "framework/record/run_folder.h"
#include "framework/training/experiment.h"

namespace nabla {

enum class Status { kComplete, kStopped, kDiverged };

// `dataset` is the data set that was actually used; `failure` says why the run diverged,
// "" if it did not.
template <typename T>
Summary Summarise(Experiment<T>& experiment, Status status, const std::string& dataset,
                  size_t threads, const std::string& failure);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_SUMMARISE_H_
