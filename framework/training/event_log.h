// Logs a run's epochs for TensorBoard.
#ifndef NABLA_FRAMEWORK_TRAINING_EVENT_LOG_H_
#define NABLA_FRAMEWORK_TRAINING_EVENT_LOG_H_

#include <string>

#include "framework/engine/trainer.h"
#include "framework/training/event_writer.h"

namespace nabla {

// The event file in a run folder.
inline constexpr const char* kEventFile = "events.out.tfevents.nabla";

class EventLog {
 public:
  // Replaces the file in `folder` by a new one. Throws RunError.
  explicit EventLog(const std::string& folder);

  // Adds train/loss, train/accuracy, test/loss, test/accuracy, learning_rate and samples_per_second
  // at step `metrics.epoch`, except metrics that were not evaluated. They are in the file when this
  // returns.
  void Add(const EpochMetrics& metrics);

 private:
  EventWriter writer_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_EVENT_LOG_H_
