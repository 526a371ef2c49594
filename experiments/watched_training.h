// What the page shows of the course of a training beyond its metrics.
#ifndef NABLA_EXPERIMENTS_WATCHED_TRAINING_H_
#define NABLA_EXPERIMENTS_WATCHED_TRAINING_H_

#include <cstdint>
#include <optional>

#include "framework/measure/drawn_function.h"
#include "framework/measure/inspection.h"
#include "framework/measure/layer_values.h"
#include "framework/training/training_run.h"

namespace nabla {

// Looks at a training from its callbacks. It only reads, so that the weights do not depend on it,
// and what a resumed run did before is not in it.
template <typename T>
class WatchedTraining {
 public:
  // Both must outlive it.
  WatchedTraining(TrainingRun<T>& training, const PreparedData& data);

  void AddBatch(const BatchMetrics& metrics);
  void AddEpoch(int64_t epoch);
  // At the end.
  void AddTo(Inspection* seen);

 private:
  Experiment<T>& experiment() { return training_.experiment(); }

  TrainingRun<T>& training_;
  ScaleRecorder<T> scales_;
  FunctionRecorder<T> function_;
  bool any_batch_ = false;
  std::optional<double> first_loss_;  // unknown to a run that was resumed
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_WATCHED_TRAINING_H_
