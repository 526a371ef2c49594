// Many runs at once, one worker each: this scales with the cores, as one small batch does not.
#ifndef NABLA_FRAMEWORK_TRAINING_SIDE_BY_SIDE_H_
#define NABLA_FRAMEWORK_TRAINING_SIDE_BY_SIDE_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/data/files.h"
#include "framework/record/run_metrics.h"
#include "framework/terminal/console.h"
#include "framework/training/experiment.h"
#include "framework/training/pause.h"
#include "framework/training/run_options.h"

namespace nabla {

// The prepared data of experiments, each loaded once.
class DataCache {
 public:
  explicit DataCache(Files& files) : files_(files) {}

  // Throws InputError and DataUnavailable as the data set does.
  const PreparedData& Get(const ExperimentHead& spec);

  // Frees the data that Get returned for the experiment, if it did.
  void Drop(const ExperimentHead& spec) { prepared_.erase(PrintYaml(DataConfig(spec))); }

  // On all that was loaded, each once.
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  Files& files_;
  std::vector<std::string> remarks_;
  std::map<std::string, PreparedData> prepared_;
};

// One of many runs.
struct QueuedRun {
  AnySpec spec;
  const PreparedData* data = nullptr;
  std::string folder;          // where its results are kept; "" = nowhere
  bool tensorboard = false;    // write events too
  const Node* tree = nullptr;  // of `spec`, for the places of errors; may be null
  uint64_t nudge = 0;          // see TrainingRunOptions
  double pause = 0;            // see TrainingRunOptions
  // Asked before the run and after each step: whether to give it up. May be empty, is called by
  // many threads, and throws nothing.
  std::function<bool()> stop;

  // Until the pause or the end.
  double Epochs() const;
};

// How one of many runs ended or paused: with metrics, with a failure, or with neither if it has not
// been run.
struct RunResult {
  int64_t seed = 0;
  std::optional<RunMetrics> metrics;
  std::string failure;         // "" = none
  double seconds = 0;          // of training
  std::optional<Pause> pause;  // of a run that was to pause; one that ended before has its last
                               // metrics there

  bool Ended() const { return metrics || !failure.empty(); }
};

// Called after each run of this process, by one thread at a time, with the index of the run in the
// queue and all results.
using RunEnded = std::function<void(size_t queued, const std::vector<RunResult>& runs)>;

// Trains every run of the shard, `threads` at a time, and returns results in the order of the
// queue. A run whose folder holds its results, or those at its pause, is not repeated. A run that
// another process is training is left to it and waited for, so that several processes, on any
// machines that share the folders, divide the queue. A run that diverges fails alone; a signal
// stops all; any other error is thrown when the active runs have ended. `name` heads the progress
// bar; `ended` may be empty.
std::vector<RunResult> RunSideBySide(const std::vector<QueuedRun>& queue, const Registry& registry,
                                     size_t threads, const Shard& shard, const std::string& name,
                                     Console& console, const RunEnded& ended = {});

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_SIDE_BY_SIDE_H_
