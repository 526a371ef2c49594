#include "framework/training/training_run.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <string_view>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/data/disk.h"
#include "framework/data/split.h"
#include "framework/record/checkpoint.h"
#include "framework/record/finished_run.h"
#include "framework/record/monitored_metric.h"
#include "framework/training/nudge.h"
#include "framework/training/rank_facts.h"
#include "framework/training/summarise.h"
#include "framework/training/task_defaults.h"

namespace nabla {
namespace {

// The key of environment.json.
constexpr const char* kEarlierRates = "earlier_rates";

// The rows that a checkpoint was trained on, as it names them.
std::string DataText(const DataSplits& data) {
  const size_t validated = data.validation.count;
  return fmt::format("{}, {} rows to train, {}{} to test", data.name, data.train.count,
                     validated > 0 ? fmt::format("{} to validate, ", validated) : "",
                     data.test.count);
}

// The bytes of a checkpoint; empty if there is none.
std::string ReadLast(const std::string& path) {
  const auto bytes = ReadFile(path, kMostCheckpointBytes);
  if (bytes && bytes->size() == 0) throw InputError({Problem{{path}, "the file is empty"}});
  return bytes ? std::string(bytes->span().begin(), bytes->span().end()) : "";
}

// Of files that other programs may write just now, nothing is removed.
constexpr std::array<std::string_view, 3> kOfOthers = {"report.html", "inspection.json",
                                                       "summary.json"};

// Adds to what is wrong with a checkpoint what to do about it.
template <typename F>
void OrAdvise(F read) {
  try {
    read();
  } catch (const InputError& e) {
    std::vector<Problem> problems = e.problems();
    problems.back().message += "; delete it to train the run from its beginning";
    throw InputError(problems);
  }
}

}  // namespace

template <typename T>
TrainingRun<T>::TrainingRun(const ExperimentSpec<T>& spec, const Registry& registry,
                            const PreparedData& data, Threads& threads,
                            const TrainingRunOptions& options)
    : options_(options),
      data_(data),
      threads_(threads),
      experiment_(spec, registry, data, threads, options.ranks),
      config_(ResolvedConfig(experiment_.spec())),
      model_config_(ModelConfig(experiment_.spec())) {
  const ExperimentSpec<T>& fitted = experiment_.spec();
  if (fitted.checkpoint.best) best_by_ = Monitored(*fitted.checkpoint.best, fitted);
  if (fitted.early_stop) stop_by_ = Monitored(fitted.early_stop->metric, fitted);
  if (options.folder.empty()) return;
  inputs_ = InputsOf(data, registry.libraries());
  if (const auto& weights = experiment_.initial_weights()) {
    inputs_.emplace_back("init_from", weights->hash);
  }
  folder_.emplace(options.folder, config_, inputs_, options.existing);
}

template <typename T>
void TrainingRun<T>::CheckRanks() {
  if (options_.ranks == nullptr) return;
  nabla::CheckRanks(*options_.ranks, config_, data_, experiment_.network().Hash());
}

// The folder stays unchanged if its checkpoint cannot be resumed.
template <typename T>
void TrainingRun<T>::Begin() {
  under_way_.emplace();
  if (options_.nudge > 0) NudgeWeights(options_.nudge, &experiment_.network());
  if (options_.existing == Existing::kResume) Resume();
  CheckNotBeyondPause();
  Together(options_.ranks, [&] {
    if (folder_) BeginFolder();
  });
}

// The first rank reads the file; all ranks resume from its bytes.
template <typename T>
void TrainingRun<T>::Resume() {
  std::string content;
  Together(options_.ranks, [&] {
    if (!folder_) return;
    RemoveTemporaryFiles(folder_->path(), kOfOthers);
    OrAdvise([&] { content = ReadLast(folder_->path() + "/" + kLastCheckpoint); });
  });
  if (options_.ranks != nullptr) content = options_.ranks->FromFirst(content);
  if (content.empty()) return;
  Together(options_.ranks, [&] { OrAdvise([&] { Restore(content); }); });
}

template <typename T>
void TrainingRun<T>::Restore(const std::string& content) {
  Trainer<T>& trainer = experiment_.trainer();
  const std::string path = (folder_ ? folder_->path() + "/" : "") + kLastCheckpoint;
  resumed_epochs_ =
      ReadCheckpoint(path, {reinterpret_cast<const uint8_t*>(content.data()), content.size()},
                     model_config_, DataText(data_), &experiment_.network(), &trainer);
  resumed_at_ = trainer.steps();
  // A run that stops early here without its last evaluation keeps it: more epochs change nothing.
  const TrainingState state = trainer.state();
  trainer.ForgetLastEvaluation();
  if (HasStoppedImproving()) trainer.Restore(state);
}

template <typename T>
bool TrainingRun<T>::RatesWouldDiffer() const {
  const ExperimentSpec<T>& spec = experiment_.spec();
  const auto per_epoch = static_cast<int64_t>(experiment_.trainer().Batches());
  const double base = spec.optimizer->LearningRate();
  const auto rate = [&](int64_t t, int64_t epochs) {
    return spec.schedule->Rate(base,
                               {.t = t, .total = epochs * per_epoch, .steps_per_epoch = per_epoch});
  };
  for (int64_t t = 0; t < resumed_at_; ++t) {
    if (rate(t, resumed_epochs_) != rate(t, spec.train.epochs)) return true;
  }
  return false;
}

template <typename T>
std::string TrainingRun<T>::RatesWarning() const {
  if (!RatesWouldDiffer()) return "";
  const int64_t epochs = experiment_.spec().train.epochs;
  return fmt::format(
      "warning: the schedule depends on the number of epochs: the steps so far were taken with the "
      "rates for {}, so the weights are not those of a run that was asked for {} epochs at once",
      resumed_epochs_, epochs);
}

template <typename T>
std::string TrainingRun<T>::EarlierRates() const {
  std::string rates;
  if (resumed_at_ == 0) return rates;
  const std::string path = folder_->path();
  if (std::filesystem::exists(path + "/environment.json")) {
    for (const auto& [key, value] : ReadEnvironment(path)) {
      if (key == kEarlierRates) rates = value;
    }
  }
  if (!RatesWouldDiffer()) return rates;
  const std::string more = fmt::format("for {} epochs until step {}", resumed_epochs_, resumed_at_);
  if (rates.ends_with(more)) return rates;  // interrupted before its next checkpoint
  return rates.empty() ? more : rates + ", " + more;
}

template <typename T>
void TrainingRun<T>::BeginFolder() {
  const Trainer<T>& trainer = experiment_.trainer();
  const std::string rates = EarlierRates();
  const bool more =
      static_cast<int64_t>(trainer.history().size()) < experiment_.spec().train.epochs;
  if (more && !HasStoppedImproving()) TakeBestBack(folder_->path());
  folder_->BeginWith(trainer.history());
  const size_t ranks = options_.ranks != nullptr ? options_.ranks->count() : 1;
  Environment environment = FindEnvironment(inputs_, threads_.count(), ranks);
  if (const auto& weights = experiment_.initial_weights()) {
    environment.emplace_back("initial_weights", weights->Text());
  }
  if (!rates.empty()) environment.emplace_back(kEarlierRates, rates);
  folder_->WriteEnvironment(environment);
  if (options_.tensorboard) events_.emplace(options_.folder);
  if (!events_) return;
  for (const EpochMetrics& metrics : trainer.history()) events_->Add(metrics);
}

template <typename T>
Status TrainingRun<T>::Train(const Follower<T>& follower) {
  const Status status = TrainAndSave(follower);
  summary_ = Summarise(experiment_, status, data_.name, threads_.count(), summary_.failure);
  if (status == Status::kComplete && HasStoppedImproving()) summary_.ended = EarlyStopText();
  if (status != Status::kDiverged) FindMatrices();
  if (folder_) folder_->WriteSummary(summary_);
  if (status != Status::kDiverged && IsAtPause()) RecordPause();
  return status;
}

// A checkpoint has no matrices: those of an epoch before it stand in the folder, or are made again
// of the same weights.
template <typename T>
void TrainingRun<T>::FindMatrices() {
  const Trainer<T>& trainer = experiment_.trainer();
  const std::vector<EpochMetrics>& history = trainer.history();
  if (!folder_ || resumed_at_ == 0 || history.empty() || !history.back().test_loss) return;
  const auto ended = static_cast<int64_t>(history.size() * trainer.Batches());
  if (ended > resumed_at_ || !history.back().test_matrices.empty()) return;
  const auto is_there = [&](const NamedMatrix& matrix) {
    return std::filesystem::exists(folder_->path() + "/" + matrix.name + ".json");
  };
  const Samples one = FirstRows(data_.test, 1);  // enough for their names
  const std::vector<NamedMatrix> named = experiment_.Evaluate(one, {})->matrices;
  if (!std::ranges::all_of(named, is_there) && trainer.steps() == ended) {
    const std::vector<NamedMatrix> made = experiment_.Evaluate(data_.test, {})->matrices;
    for (const NamedMatrix& matrix : made) folder_->WriteMatrix(matrix);
  }
  for (const NamedMatrix& matrix : named) {
    if (is_there(matrix)) summary_.matrices.push_back(matrix.name);
  }
}

template <typename T>
int64_t TrainingRun<T>::PauseStep() const {
  if (options_.pause <= 0) return 0;
  return nabla::PauseStep(options_.pause, static_cast<int64_t>(experiment_.trainer().Batches()),
                          experiment_.spec().train.epochs);
}

// The evaluation of an epoch that is not due must not become a part of the run: early stops count
// those. Without a folder nobody goes on.
template <typename T>
bool TrainingRun<T>::PausesBeforeEvaluation() const {
  const ExperimentSpec<T>& spec = experiment_.spec();
  const auto per_epoch = static_cast<int64_t>(experiment_.trainer().Batches());
  const int64_t step = PauseStep();
  if (step % per_epoch != 0) return true;
  const int64_t epoch = step / per_epoch;
  return folder_ && epoch < spec.train.epochs && epoch % spec.evaluate.every != 0;
}

template <typename T>
bool TrainingRun<T>::IsAtPause() const {
  const Trainer<T>& trainer = experiment_.trainer();
  const int64_t step = PauseStep();
  if (step == 0) return false;
  if (PausesBeforeEvaluation()) return trainer.steps() >= step;
  const auto per_epoch = static_cast<int64_t>(trainer.Batches());
  return static_cast<int64_t>(trainer.history().size()) >= step / per_epoch;
}

template <typename T>
bool TrainingRun<T>::PausesBeforeEnd() const {
  const auto epochs = static_cast<int64_t>(experiment_.trainer().history().size());
  return IsAtPause() && epochs < experiment_.spec().train.epochs && !HasStoppedImproving();
}

template <typename T>
void TrainingRun<T>::CheckNotBeyondPause() const {
  const int64_t step = PauseStep();
  if (step == 0 || resumed_at_ <= step) return;
  throw InputError(fmt::format(
      "the run in {} is at step {}, and nothing says what its metrics were after {:.4g} "
      "epochs, at step {}; choose another --out",
      options_.folder, resumed_at_, options_.pause, step));
}

template <typename T>
void TrainingRun<T>::RecordPause() {
  std::optional<NamedMetrics> metrics = NamedMetrics();
  if (folder_) metrics = MetricsNow(experiment_, [] { return CaughtSignal() != 0; });
  if (!metrics) return;
  pause_ = Pause{options_.pause, PauseStep(), std::move(*metrics)};
  if (folder_) AddPause(folder_->path(), *pause_);
}

template <typename T>
Status TrainingRun<T>::TrainAndSave(const Follower<T>& follower) {
  Follower<T> mine = follower;
  mine.on_batch = [&](int64_t epoch, size_t batch, size_t batches, const BatchMetrics& metrics) {
    FollowBatch();
    if (follower.on_batch) follower.on_batch(epoch, batch, batches, metrics);
  };
  mine.on_epoch = [&](const EpochMetrics& metrics) {
    FollowEpoch(metrics);
    if (follower.on_epoch) follower.on_epoch(metrics);
  };
  const bool after_step = PausesBeforeEvaluation();
  mine.stop = [&] {
    return CaughtSignal() != 0 || (after_step && IsAtPause()) || (follower.stop && follower.stop());
  };
  const auto start = std::chrono::steady_clock::now();
  mine.enough = [&] {
    if (HasStoppedImproving() || IsAtPause() || (follower.enough && follower.enough())) return true;
    return out_of_time_ = HasNoTime(start);
  };
  Status status = Status::kComplete;
  try {
    // A checkpoint may have been written just before an early stop, or at the pause.
    const auto has_ended = [&] { return HasStoppedImproving() || IsAtPause(); };
    if (!has_ended() && !experiment_.trainer().Run(mine)) status = Status::kStopped;
    if (out_of_time_ || PausesBeforeEnd()) status = Status::kStopped;
  } catch (const Diverged& e) {
    status = Status::kDiverged;
    summary_.failure = e.what();
  }
  const CheckpointSection& wish = experiment_.spec().checkpoint;
  // An existing checkpoint must not be older than the summary.
  const bool wanted = options_.keep_model || status == Status::kStopped || wish.every_steps > 0 ||
                      wish.every_epochs > 0 || HasCheckpoint();
  if (wanted && status != Status::kDiverged) Save(kLastCheckpoint);
  under_way_.reset();
  return status;
}

template <typename T>
bool TrainingRun<T>::HasStoppedImproving() const {
  const auto& rule = experiment_.spec().early_stop;
  return rule && HasStalled(*rule, *stop_by_, experiment_.trainer().history());
}

template <typename T>
std::string TrainingRun<T>::EarlyStopText() const {
  const ExperimentSpec<T>& spec = experiment_.spec();
  const std::vector<EpochMetrics>& history = experiment_.trainer().history();
  // With its last epoch it ended anyway.
  if (static_cast<int64_t>(history.size()) >= spec.train.epochs) return "";
  return fmt::format("early_stop after epoch {} of {}: {}", history.size(), spec.train.epochs,
                     StallText(*spec.early_stop, *stop_by_, history));
}

template <typename T>
bool TrainingRun<T>::HasNoTime(std::chrono::steady_clock::time_point start) const {
  const TrainSection& train = experiment_.spec().train;
  const auto epochs = static_cast<int64_t>(experiment_.trainer().history().size());
  if (!train.max_time || epochs >= train.epochs) return false;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const bool over = taken.count() > *train.max_time;
  return options_.ranks == nullptr ? over : options_.ranks->FromFirst(over ? "1" : "") == "1";
}

template <typename T>
void TrainingRun<T>::FollowBatch() {
  const int64_t every = experiment_.spec().checkpoint.every_steps;
  const bool due = every > 0 && experiment_.trainer().steps() % every == 0;
  if (TakeHangup() || due) Save(kLastCheckpoint);
}

template <typename T>
void TrainingRun<T>::FollowEpoch(const EpochMetrics& metrics) {
  if (!folder_) return;
  folder_->AddEpoch(metrics);
  if (events_) events_->Add(metrics);
  for (const NamedMatrix& matrix : metrics.test_matrices) folder_->WriteMatrix(matrix);
  const CheckpointSection& wish = experiment_.spec().checkpoint;
  if (wish.every_epochs > 0 && metrics.epoch % wish.every_epochs == 0) Save(kLastCheckpoint);
  if (best_by_) KeepBest(metrics);
}

// A run that goes on with more epochs forgets an evaluation that was made only since training
// ended, and needs what was best without it.
template <typename T>
void TrainingRun<T>::KeepBest(const EpochMetrics& metrics) {
  const bool best = LastIsBest(*best_by_, experiment_.trainer().history());
  const EpochMetrics due = experiment_.trainer().LastAsDue();
  bool best_when_due = best;
  if (MetricOf(due, best_by_->name) != MetricOf(metrics, best_by_->name)) {
    std::vector<EpochMetrics> history = experiment_.trainer().history();
    history.back() = due;
    best_when_due = LastIsBest(*best_by_, history);
  }
  if (best_when_due && !best) Save(kDueBestCheckpoint);
  if (best && !best_when_due) SetBestAside(folder_->path());
  if (best) Save(kBestCheckpoint);
}

template <typename T>
bool TrainingRun<T>::HasCheckpoint() const {
  return folder_ && std::filesystem::exists(folder_->path() + "/" + kLastCheckpoint);
}

template <typename T>
void TrainingRun<T>::Save(const char* name) {
  if (!folder_) return;
  WriteCheckpoint(folder_->path() + "/" + name, model_config_, DataText(data_), data_.input,
                  experiment_.network(), experiment_.trainer());
}

template <typename T>
RunMetrics TrainingRun<T>::metrics() {
  return {experiment_.trainer().history(), experiment_.initial_losses()};
}

template class TrainingRun<float>;
template class TrainingRun<double>;

}  // namespace nabla
