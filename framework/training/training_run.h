// One training run and everything that it writes.
#ifndef NABLA_FRAMEWORK_TRAINING_TRAINING_RUN_H_
#define NABLA_FRAMEWORK_TRAINING_TRAINING_RUN_H_

#include <chrono>
#include <optional>
#include <string>

#include "framework/base/signals.h"
#include "framework/config/node.h"
#include "framework/engine/trainer.h"
#include "framework/record/monitored_metric.h"
#include "framework/record/run_folder.h"
#include "framework/record/run_metrics.h"
#include "framework/training/event_log.h"
#include "framework/training/experiment.h"
#include "framework/training/pause.h"
#include "framework/training/summarise.h"

namespace nabla {

struct TrainingRunOptions {
  std::string folder;  // where results are kept; "" = nowhere
  Existing existing = Existing::kRefuse;
  bool keep_model = true;    // write a checkpoint at the end, even unasked
  bool tensorboard = false;  // write events beside the metrics
  Ranks* ranks = nullptr;    // train together; only the first one has a folder
  uint64_t nudge = 0;  // the seed of NudgeWeights, which changes the first weights; 0: does not
  // After so many epochs, which may be within one, the run pauses: it keeps a checkpoint and its
  // metrics (pause.h), so that another one with kResume goes on as if it had not paused. Without a
  // folder it ends there as after its last epoch. 0: never.
  double pause = 0;
};

template <typename T>
class TrainingRun {
 public:
  // All but `spec` and `options` must outlive the run. Throws what Experiment and RunFolder throw.
  TrainingRun(const ExperimentSpec<T>& spec, const Registry& registry, const PreparedData& data,
              Threads& threads, const TrainingRunOptions& options);

  // Throws RanksFailed if another rank has a different program, experiment or data.
  void CheckRanks();
  // Resumes from the folder's checkpoint, if there is one and options.existing says so, and
  // prepares the folder. Call it before Train. Throws what ReadCheckpoint throws, InputError if the
  // checkpoint is beyond options.pause, RanksFailed with ranks; then the folder is unchanged.
  void Begin();
  // The step of the checkpoint from which this run resumes; 0 if there was none.
  int64_t resumed_at() const { return resumed_at_; }
  // The train.epochs that this checkpoint was written for, at most those of the experiment.
  int64_t resumed_epochs() const { return resumed_epochs_; }
  // A warning where the schedule would have given other rates so far if it had known of all epochs;
  // "" if it would not.
  std::string RatesWarning() const;
  // Whether the rule for early stops has ended the training.
  bool HasStoppedImproving() const;

  // Trains until the end, a signal, divergence, train.max_time, or where `follower` stops it. Calls
  // `follower` too, its on_epoch after the epoch is written to disk.
  Status Train(const Follower<T>& follower);

  // Whether train.max_time has stopped the training before its last epoch.
  bool IsOutOfTime() const { return out_of_time_; }
  // The pause that options asked for, once the run has got there; also at its end.
  const std::optional<Pause>& pause() const { return pause_; }

  Experiment<T>& experiment() { return experiment_; }
  // After Train:
  const Summary& summary() const { return summary_; }
  RunMetrics metrics();
  // Where results are kept; null if they are not.
  RunFolder* folder() { return folder_ ? &*folder_ : nullptr; }

 private:
  void Resume();
  void Restore(const std::string& content);
  void BeginFolder();
  bool RatesWouldDiffer() const;
  // "for 3 epochs until step 9": where the steps so far were not taken with the rates of the
  // experiment as it is now, since it had fewer epochs then; "" otherwise.
  std::string EarlierRates() const;
  // The step at which the run pauses, at most the last one; 0: none.
  int64_t PauseStep() const;
  // Whether that is within an epoch, or before the evaluation of one that is not to be evaluated.
  bool PausesBeforeEvaluation() const;
  bool IsAtPause() const;
  // At the pause, with more to train.
  bool PausesBeforeEnd() const;
  void CheckNotBeyondPause() const;
  // Measures the metrics and keeps them, if there is a folder, unless a signal is caught.
  void RecordPause();
  // Adds to the summary the matrices of a run whose last epoch ended before it was resumed.
  void FindMatrices();
  Status TrainAndSave(const Follower<T>& follower);
  // Why it ended before its last epoch.
  std::string EarlyStopText() const;
  // Whether train.max_time has passed since `start`, by the clock of the first rank.
  bool HasNoTime(std::chrono::steady_clock::time_point start) const;
  void FollowBatch();
  void FollowEpoch(const EpochMetrics& metrics);
  // Writes the best checkpoint if the last epoch, with these metrics, is the best so far.
  void KeepBest(const EpochMetrics& metrics);
  bool HasCheckpoint() const;
  void Save(const char* name);

  const TrainingRunOptions options_;
  const PreparedData& data_;
  Threads& threads_;
  Experiment<T> experiment_;
  const Node config_;
  const Node model_config_;  // of checkpoints
  std::optional<MonitoredMetric> best_by_;
  std::optional<MonitoredMetric> stop_by_;
  std::optional<RunFolder> folder_;
  std::optional<EventLog> events_;
  std::optional<RunUnderWay> under_way_;  // from Begin on until all is saved
  RunInputs inputs_;
  int64_t resumed_at_ = 0;
  int64_t resumed_epochs_ = 0;
  bool out_of_time_ = false;
  std::optional<Pause> pause_;
  Summary summary_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_TRAINING_RUN_H_
