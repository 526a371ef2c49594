// Where a run paused, and the metrics that it had there, so that runs can be compared at that point
// after they have gone on.
#ifndef NABLA_FRAMEWORK_TRAINING_PAUSE_H_
#define NABLA_FRAMEWORK_TRAINING_PAUSE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/record/run_metrics.h"

namespace nabla {

struct Pause {
  double epochs = 0;  // as they were asked for; may end within an epoch
  int64_t step = 0;   // the number of steps that this is
  NamedMetrics metrics;
  bool left = false;  // by a halving: others go on from here, and this run does not
};

// The step at which a run of all_epochs pauses after so many epochs, at most its last one.
int64_t PauseStep(double epochs, int64_t steps_per_epoch, int64_t all_epochs);

// The pauses of the run in `folder`, in the order in which they were made; empty if there are none.
// Throws InputError placed at the file if no run wrote it.
std::vector<Pause> ReadPauses(const std::string& folder);

// The one after so many epochs.
std::optional<Pause> FindPause(const std::string& folder, double epochs);

// Adds it to pauses.json in `folder`, where it replaces one after the same number of epochs. Throws
// RunError, and what ReadPauses throws.
void AddPause(const std::string& folder, const Pause& pause);

// Says whether the run is left behind at its pause after so many epochs, if there is one. Throws
// the same.
void MarkLeft(const std::string& folder, double epochs, bool left);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_PAUSE_H_
