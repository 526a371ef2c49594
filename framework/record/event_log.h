// A run's epochs for TensorBoard.
#ifndef NABLA_FRAMEWORK_RECORD_EVENT_LOG_H_
#define NABLA_FRAMEWORK_RECORD_EVENT_LOG_H_

#include <string>

#include "framework/engine/trainer.h"
#include "framework/record/event_writer.h"

namespace nabla {

// The file of events in a run folder.
inline constexpr const char* kEventFile = "events.out.tfevents.nabla";

class EventLog {
 public:
  // Begins the file in `folder` anew. Throws RunError.
  explicit EventLog(const std::string& folder);

  // train/loss, train/accuracy, test/loss, test/accuracy, learning_rate and samples_per_second at
  // step `metrics.epoch`; what was not evaluated is left out. In the file when this returns.
  void Add(const EpochMetrics& metrics, double learning_rate);

 private:
  EventWriter writer_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_EVENT_LOG_H_
