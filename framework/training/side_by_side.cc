#include "framework/training/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <variant>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/config/located.h"
#include "framework/engine/batch_rows.h"
#include "framework/record/epoch_json.h"
#include "framework/record/finished_run.h"
#include "framework/record/run_metrics.h"
#include "framework/record/same_run.h"
#include "framework/training/initial_weights.h"
#include "framework/training/task_defaults.h"
#include "framework/training/training_run.h"

namespace nabla {
namespace {

RunResult FromRun(FinishedRun finished) {
  RunResult run{.seed = finished.summary.seed,
                .failure = finished.summary.failure,
                .seconds = finished.summary.seconds};
  if (run.failure.empty()) {
    run.metrics = RunMetrics{std::move(finished.epochs), finished.summary.initial_losses};
  }
  return run;
}

// The run's pause, if the folder has it. Throws InputError for one at another step.
std::optional<Pause> PauseIn(const QueuedRun& queued) {
  if (queued.pause <= 0 || queued.folder.empty()) return std::nullopt;
  std::optional<Pause> pause = FindPause(queued.folder, queued.pause);
  if (!pause) return std::nullopt;
  const ExperimentHead& spec = HeadOf(queued.spec);
  const size_t batches = CountBatches(CutOf(spec.train, queued.data->train.count));
  const int64_t step = PauseStep(queued.pause, static_cast<int64_t>(batches), spec.train.epochs);
  if (pause->step == step) return pause;
  throw InputError(std::vector<Problem>{
      {{queued.folder + "/pauses.json"},
       fmt::format("no run wrote this: the pause after {:.4g} epochs is at step {}, not {}",
                   queued.pause, step, pause->step)}});
}

class RunQueue {
 public:
  RunQueue(const Registry& registry, const std::string& name, int64_t epochs, Console& console)
      : registry_(registry), name_(name), total_epochs_(epochs), console_(console) {}

  // Throws nothing, because it runs in a phase of Threads.
  void RunOne(const QueuedRun& queued, RunResult* run) {
    if (CaughtSignal() != 0 || failed_ || (queued.stop && queued.stop())) return;
    try {
      std::visit([&](const auto& spec) { Train(spec, queued, run); }, queued.spec);
    } catch (const FolderBusy&) {
      // Its metrics are read from the folder at the end.
    } catch (const FolderComplete&) {
      // Likewise: another process was faster.
    } catch (const InputError& e) {
      Fail(std::make_exception_ptr(
          InputError(queued.tree == nullptr ? e.problems() : Located(*queued.tree, e.problems()))));
    } catch (...) {
      Fail(std::current_exception());
    }
  }

  // Calls `action` while no other thread shows anything.
  void Alone(const std::function<void()>& action) {
    const std::lock_guard lock(mutex_);
    action();
  }

  void ThrowIfFailed() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  template <typename T>
  void Train(const ExperimentSpec<T>& spec, const QueuedRun& queued, RunResult* run) {
    Threads alone(1);
    TrainingRun<T> training(spec, registry_, *queued.data, alone,
                            {.folder = queued.folder,
                             .existing = Existing::kResume,
                             .keep_model = false,
                             .tensorboard = queued.tensorboard && !queued.folder.empty(),
                             .nudge = queued.nudge,
                             .pause = queued.pause});
    // Another process may have gone on from there before this one got the folder.
    if (PauseIn(queued)) return;
    training.Begin();
    CountEpochs(training.experiment().trainer().history().size());
    WarnOnce(training.RatesWarning());
    const auto& weights = training.experiment().initial_weights();
    if (weights && !weights->left.empty()) WarnOnce("warning: init_from: " + weights->Text());
    Follower<T> follower;
    follower.on_epoch = [this](const EpochMetrics&) { CountEpochs(1); };
    follower.stop = queued.stop;
    const Status status = training.Train(follower);
    const std::lock_guard lock(mutex_);  // RunEnded reads the runs of all threads
    run->pause = training.pause();
    const bool ended = status == Status::kComplete || training.IsOutOfTime() || run->pause;
    if (ended) run->metrics = training.metrics();
    run->failure = training.summary().failure;
    run->seconds = training.summary().seconds;
  }

  void Fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    error_ = std::move(error);
  }

  // Many runs have the same to say; "" says nothing.
  void WarnOnce(const std::string& warning) {
    const std::lock_guard lock(mutex_);
    if (!warning.empty() && warnings_.insert(warning).second) console_.Warn(warning);
  }

  void CountEpochs(size_t done) {
    const std::lock_guard lock(mutex_);
    epochs_done_ += static_cast<int64_t>(done);
    if (!console_.BarIsDue()) return;
    console_.Progress(name_, static_cast<double>(epochs_done_) / static_cast<double>(total_epochs_),
                      fmt::format("{} of {} epochs", epochs_done_, total_epochs_));
  }

  const Registry& registry_;
  const std::string& name_;
  const int64_t total_epochs_;
  Console& console_;
  std::atomic<bool> failed_ = false;

  std::mutex mutex_;  // guards results and the members below
  int64_t epochs_done_ = 0;
  std::set<std::string> warnings_;
  std::exception_ptr error_;
};

// How many rows a run trains on in all its epochs.
size_t Rows(const QueuedRun& queued) {
  const auto wanted = static_cast<size_t>(HeadOf(queued.spec).train.rows_per_epoch);
  const size_t rows = wanted > 0 ? wanted : queued.data->train.count;
  return static_cast<size_t>(queued.Epochs() * static_cast<double>(rows));
}

// The metrics at the pause of a run that ended before it, or that had no pause there but ended an
// epoch; nothing if they are not known.
std::optional<Pause> PauseOf(const FinishedRun& finished, double epochs) {
  const double whole = std::min(std::floor(epochs), static_cast<double>(finished.epochs.size()));
  const bool ended = static_cast<double>(finished.epochs.size()) <= epochs;
  if (whole < 1 || (whole != epochs && !ended)) return std::nullopt;
  return Pause{whole, 0, MetricsOf(finished.epochs[static_cast<size_t>(whole) - 1])};
}

// The results that the run's folder holds: of the whole run, or up to its pause; nothing if it has
// not got there. Another process may be going on from the pause.
std::optional<RunResult> FromFolder(const QueuedRun& queued) {
  const Node config = ResolvedConfig(queued.spec);
  if (queued.pause > 0 && FindPause(queued.folder, queued.pause)) {
    CheckIsRunOf(queued.folder, config);
    const std::string file = queued.folder + "/metrics.jsonl";
    return RunResult{.seed = HeadOf(queued.spec).seed,
                     .metrics = RunMetrics{ParseEpochs(ReadRunText(file), file), {}},
                     .pause = PauseIn(queued)};
  }
  auto finished = FindFinishedRun(queued.folder, config);
  if (!finished) return std::nullopt;
  const auto pause = queued.pause > 0 ? PauseOf(*finished, queued.pause) : std::nullopt;
  RunResult run = FromRun(std::move(*finished));
  run.pause = pause;
  return run;
}

// Reads the results of runs whose folders hold them already.
void ReadFinished(const std::vector<QueuedRun>& queue, const Registry& registry,
                  std::vector<RunResult>* runs) {
  std::map<const PreparedData*, RunInputs> inputs;  // computed once for each data set
  for (size_t i = 0; i < queue.size(); ++i) {
    RunResult& run = (*runs)[i];
    if (queue[i].folder.empty() || run.Ended()) continue;
    auto found = FromFolder(queue[i]);
    if (!found) continue;
    const auto [place, is_new] = inputs.try_emplace(queue[i].data);
    if (is_new) place->second = InputsOf(*queue[i].data, registry.libraries());
    RunInputs of_run = place->second;
    AddInitialWeights(HeadOf(queue[i].spec), &of_run);
    CheckInputs(queue[i].folder, of_run);
    run = std::move(*found);
  }
}

}  // namespace

double QueuedRun::Epochs() const {
  const auto all = static_cast<double>(HeadOf(spec).train.epochs);
  return pause > 0 ? std::min(pause, all) : all;
}

const PreparedData& DataCache::Get(const ExperimentHead& spec) {
  const std::string key = PrintYaml(DataConfig(spec));
  const auto known = prepared_.find(key);
  if (known != prepared_.end()) return known->second;
  PreparedData made = PrepareData(spec, spec.dataset->Load(files_));
  for (const std::string& remark : made.remarks) {
    if (std::ranges::find(remarks_, remark) == remarks_.end()) remarks_.push_back(remark);
  }
  return prepared_.emplace(key, std::move(made)).first->second;
}

std::vector<RunResult> RunSideBySide(const std::vector<QueuedRun>& open_queue,
                                     const Registry& registry, size_t threads, const Shard& shard,
                                     const std::string& name, Console& console,
                                     const RunEnded& ended) {
  // As the folders have them: with the loss and the metrics that they left open.
  std::vector<QueuedRun> queue = open_queue;
  for (QueuedRun& queued : queue) {
    const auto fit = [&] { FitTask(*queued.data, registry, &queued.spec); };
    queued.tree == nullptr ? fit() : WithLocations(*queued.tree, fit);
  }
  std::vector<RunResult> results;
  for (const QueuedRun& queued : queue) results.push_back({.seed = HeadOf(queued.spec).seed});
  ReadFinished(queue, registry, &results);
  std::vector<size_t> open;  // the runs that are left to do here
  int64_t epochs = 0;
  for (size_t i = 0; i < queue.size(); ++i) {
    if (!shard.Has(i) || results[i].Ended()) continue;
    open.push_back(i);
    epochs += static_cast<int64_t>(std::ceil(queue[i].Epochs()));
  }
  if (open.size() < queue.size()) {
    console.Line(fmt::format("{} of {} runs are left to do here", open.size(), queue.size()));
  }
  // The longest first, so that no core is left alone with a long run at the end.
  std::stable_sort(open.begin(), open.end(),
                   [&](size_t a, size_t b) { return Rows(queue[a]) > Rows(queue[b]); });
  RunQueue runs(registry, name, epochs, console);
  if (!open.empty()) console.Progress(name, 0, fmt::format("0 of {} epochs", epochs));
  const auto run_one = [&](size_t queued) {
    runs.RunOne(queue[queued], &results[queued]);
    if (ended) runs.Alone([&] { ended(queued, results); });
  };
  // One item for each thread, because a phase does not begin its items in order.
  std::atomic<size_t> next = 0;
  Threads pool(std::clamp<size_t>(open.size(), 1, threads));
  WarnOfShortage(pool, console);
  pool.Run(pool.count(), [&](size_t, size_t) {
    for (size_t i = next++; i < open.size(); i = next++) run_one(open[i]);
  });
  runs.ThrowIfFailed();
  ReadFinished(queue, registry, &results);
  // Waits for the runs of other processes, and does those here that they do not finish.
  for (const size_t i : open) {
    if (results[i].Ended() || queue[i].folder.empty() || CaughtSignal() != 0) continue;
    WaitForFolder(queue[i].folder);
    run_one(i);
  }
  runs.ThrowIfFailed();
  ReadFinished(queue, registry, &results);
  return results;
}

}  // namespace nabla
