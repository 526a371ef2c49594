#include "experiments/single_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "experiments/latest_run.h"
#include "experiments/standout_lines.h"
#include "experiments/watched_training.h"
#include "framework/config/located.h"
#include "framework/kernels/simd.h"
#include "framework/measure/inspect.h"
#include "framework/measure/model_summary.h"
#include "framework/measure/time.h"
#include "framework/record/checkpoint.h"
#include "framework/record/finished_run.h"
#include "framework/record/same_run.h"
#include "framework/report/run_report.h"
#include "framework/terminal/console.h"
#include "framework/terminal/dump_step.h"
#include "framework/terminal/shell_word.h"
#include "framework/terminal/text_plot.h"
#include "framework/training/experiment.h"
#include "framework/training/initial_weights.h"
#include "framework/training/layer_updates.h"
#include "framework/training/task_defaults.h"
#include "framework/training/training_run.h"
#include "framework/verdict/unjudgeable.h"

namespace nabla {
namespace {

template <typename T>
class SingleRun {
 public:
  SingleRun(const Node& tree, const RunOptions& options, const Registry& registry)
      : tree_(tree),
        options_(options),
        registry_(registry),
        console_(options.quiet, options.silent(), options.json),
        spec_(ParseExperiment<T>(tree, registry)),
        data_(Load(registry)),
        threads_(options.Workers()),
        folder_(options.silent() ? "" : options.FolderFor(spec_.name)),
        emptied_(options.out.empty() ? folder_ : ""),
        training_(spec_, registry, data_, threads_,
                  {.folder = folder_,
                   .existing = options.resume ? Existing::kResume : Existing::kRefuse,
                   .tensorboard = options.tensorboard,
                   .ranks = options.ranks}) {}

  const std::string& folder() const { return folder_; }

  int Train() {
    training_.CheckRanks();
    training_.Begin();
    if (!folder_.empty() && options_.out.empty()) PointLatest(folder_);
    if (!folder_.empty()) console_.KeepIn(folder_ + "/log.txt");
    Introduce();
    const Status status = training_.Train(MakeFollower());
    if (status == Status::kDiverged) console_.Warn("error: " + training_.summary().failure);
    // A run that was stopped has no time for it.
    if (training_.folder() != nullptr && status == Status::kComplete) LookInside();
    Conclude();
    if (status == Status::kComplete) return kGood;
    return status == Status::kDiverged ? static_cast<int>(kDiverged) : GoodUnlessStopped();
  }

 private:
  PreparedData Load(const Registry& registry) {
    Files files(console_.WithDownloadsShown(options_.files));
    console_.Status("loading " + PluginName(spec_.dataset.config));
    PreparedData data =
        LoadData(spec_, registry, files, [this](const std::string& text) { console_.Warn(text); });
    // If synthetic digits replace the data, the warning has already said so.
    if (IsOwnData(data)) {
      for (const std::string& note : files.notes()) console_.Line("note: " + note);
    }
    return data;
  }

  // Whether these are the rows that the experiment names, not synthetic digits that replace them.
  bool IsOwnData(const DataSplits& data) const {
    return data.name == PluginName(spec_.dataset.config);
  }

  void Introduce() {
    std::string shape = data_.train.shape.ToString();
    for (const auto& layer : training_.experiment().network().layers()) {
      if (layer.parameter_count > 0) shape += " - " + layer.output.ToString();
    }
    console_.Line(fmt::format("{}: {}, {} parameters, {}, seed {}", spec_.name, shape,
                              training_.experiment().network().parameter_count(),
                              sizeof(T) == 4 ? "float32" : "float64", spec_.seed));
    const size_t ranks = options_.ranks != nullptr ? options_.ranks->count() : 1;
    const std::string validated =
        data_.validation.count > 0 ? fmt::format("{} to validate, ", data_.validation.count) : "";
    console_.Line(fmt::format("data: {}, {} rows to train, {}{} to test{}; {}{} thread{}, {}",
                              data_.name, data_.train.count, validated, data_.test.count,
                              validated.empty() || data_.test.count == 0 ? "" : " at the end",
                              ranks > 1 ? fmt::format("{} ranks of ", ranks) : "", threads_.count(),
                              threads_.count() == 1 ? "" : "s", SimdName()));
    if (options_.verbose) console_.Line(SummaryTable(Layers()));
    const std::string fitted = FittedText(spec_, training_.experiment().spec());
    if (!fitted.empty()) console_.Line(fitted + " (left open; these fit the targets)");
    const std::string twice = TwiceText(training_.experiment().spec());
    if (!twice.empty()) console_.Warn(twice);
    const auto& weights = training_.experiment().spec().class_weights;
    if (weights && weights->balanced) {
      console_.Line(
          fmt::format("class weights: {:.4g} (balanced)", fmt::join(weights->list, ", ")));
    }
    if (const auto& start = training_.experiment().initial_weights()) {
      const std::string text = "init_from: " + start->Text();
      start->left.empty() ? console_.Line(text) : console_.Warn("warning: " + text);
    }
    const std::string frozen = FrozenText(training_.experiment().network());
    if (!frozen.empty()) console_.Line(frozen);
    WarnOfShortage(threads_, console_);
    std::vector<std::string> warnings = WarningsOf(FindUnjudgeable(spec_, tree_));
    if (IsOwnData(data_)) {
      const auto more = WarningsOf(FindUnjudgeable(spec_, tree_, data_));
      warnings.insert(warnings.end(), more.begin(), more.end());
    }
    for (const std::string& warning : warnings) console_.Warn(warning);
    if (training_.resumed_at() > 0) {
      console_.Line(fmt::format("resuming after step {}", training_.resumed_at()));
      if (training_.resumed_epochs() < spec_.train.epochs) TellOfMoreEpochs();
    } else if (options_.resume) {
      console_.Line("no checkpoint in " + folder_ + ": starting from the beginning");
    }
  }

  ModelSummary Layers() { return SummariseModel(spec_, training_.experiment().network()); }

  void TellOfMoreEpochs() {
    const int64_t before = training_.resumed_epochs();
    if (training_.HasStoppedImproving()) {
      console_.Line(fmt::format(
          "early_stop ended this run after epoch {}, and more epochs do not change that",
          training_.experiment().trainer().history().size()));
      return;
    }
    console_.Line(fmt::format("training {} epochs instead of {}", spec_.train.epochs, before));
    if (const std::string warning = training_.RatesWarning(); !warning.empty()) {
      console_.Warn(warning);
    }
  }

  // `done` is the fraction of the epoch.
  void ShowBatch(int64_t epoch, double done, const BatchMetrics& metrics) {
    watched_.AddBatch(metrics);
    meter_.Add(metrics);
    if (!console_.BarIsDue()) return;
    const auto epochs = static_cast<double>(spec_.train.epochs);
    console_.Progress(fmt::format("epoch {}/{}", epoch, spec_.train.epochs),
                      (static_cast<double>(epoch - 1) + done) / epochs,
                      meter_.Text(data_.train.classes > 0, std::chrono::steady_clock::now()));
  }

  Follower<T> MakeFollower() {
    meter_.Begin(std::chrono::steady_clock::now());
    Follower<T> follower;
    follower.on_epoch = [this](const EpochMetrics& metrics) {
      if (training_.folder() != nullptr) watched_.AddEpoch(metrics.epoch);
      console_.Epoch(metrics, spec_.train.epochs);
      meter_.Begin(std::chrono::steady_clock::now());
    };
    follower.on_batch = [this](int64_t epoch, size_t batch, size_t batches,
                               const BatchMetrics& metrics) {
      ShowBatch(epoch, static_cast<double>(batch) / static_cast<double>(batches), metrics);
    };
    if (spec_.train.dump_steps) {
      training_.experiment().trainer().step().KeepGradients();
      follower.on_step = [this](const Step<T>& step) {
        const size_t rows = std::min(data_.train.count, step.plan().chunk_rows);
        console_.Line(DumpStep(training_.experiment().network(), step, rows));
      };
    }
    return follower;
  }

  // Writes inspection.json.
  void LookInside() {
    constexpr double kMostSeconds = 0.01;
    const double seconds = std::min(kMostSeconds, training_.summary().seconds / 10);
    Inspection seen = Inspect(training_.experiment(), data_, threads_);
    watched_.AddTo(&seen);
    seen.layers = Layers().layers;
    seen.time = MeasureLayers(training_.experiment().spec(), registry_, data_, seconds);
    training_.folder()->WriteInspection(PrintInspection(seen));
  }

  // The losses, drawn for the terminal.
  std::string Plot() {
    constexpr size_t kRows = 8;
    TextSeries train{"train loss", {}};
    const bool validates = data_.validation.count > 0;
    TextSeries other{validates ? "validation loss" : "test loss", {}};
    for (const EpochMetrics& e : training_.experiment().trainer().history()) {
      train.points.emplace_back(e.epoch, e.train_loss);
      const auto& loss = validates ? e.validation_loss : e.test_loss;
      if (loss) other.points.emplace_back(e.epoch, *loss);
    }
    const TextSeries both[] = {train, other};
    return TextPlot(both, PlotColumns(console_.Columns()), kRows);
  }

  void Conclude() {
    if (folder_.empty()) return;
    const std::string plot = Plot();
    if (!plot.empty()) console_.Line("\n" + plot);
    // Metrics from other data are never compared with a notebook.
    if (IsOwnData(data_) && data_.name != kSyntheticDigits) {
      console_.Compare(training_.metrics(), spec_.reference);
    } else if (!spec_.reference.empty()) {
      console_.Line("not compared with the notebook, which did not train on " + data_.name);
    }
    const Summary& s = training_.summary();
    console_.Line(fmt::format("trained {} epoch{} on {} in {} s, {:.0f} samples/s; weights {}",
                              s.epochs, s.epochs == 1 ? "" : "s", s.dataset,
                              fmt::format("{:.{}f}", s.seconds, s.seconds < 0.1 ? 4 : 2),
                              s.samples_per_second, s.weights_hash));
    const Report report = CollectReport({folder_}, registry_);
    WriteReport(report, folder_ + "/report.html");
    TellStandouts(folder_, report.runs.front().standouts, console_);
    console_.Line("run folder: " + folder_);
    console_.Line("report: " + folder_ + "/report.html");
    if (!s.ended.empty()) console_.Line("ended by " + s.ended);
    if (training_.IsOutOfTime()) {
      console_.Line(
          fmt::format("train.max_time is over after epoch {} of {}", s.epochs, spec_.train.epochs));
    }
    if (s.status == "stopped") {
      console_.Line("stopped; to resume, repeat the command with --resume --out " +
                    ShellWord(folder_));
    }
  }

  const Node& tree_;
  const RunOptions& options_;
  const Registry& registry_;
  Console console_;
  EpochMeter meter_;
  const ExperimentSpec<T> spec_;
  const PreparedData data_;
  Threads threads_;
  const std::string folder_;
  const RemovedIfEmpty emptied_;  // where the job below cannot be made
  TrainingRun<T> training_;
  WatchedTraining<T> watched_{training_, data_};
};

// A finished run is of use only as long as its checkpoint is. Throws InputError placed at one that
// cannot be read, or that holds other weights than the summary says.
void CheckCheckpoint(const std::string& folder, const Summary& summary) {
  const std::string path = folder + "/" + kLastCheckpoint;
  if (!std::filesystem::exists(path)) return;
  CheckpointHead head;
  try {
    head = ReadCheckpointHead(path);
  } catch (const InputError& e) {
    std::vector<Problem> problems = e.problems();
    problems.back().message += fmt::format("; `rerun {}` trains the run again", ShellWord(folder));
    throw InputError(problems);
  }
  if (summary.status != "complete" || head.weights_hash == summary.weights_hash) return;
  throw InputError({Problem{{path},
                            fmt::format("its weights are {}, but summary.json says {}",
                                        head.weights_hash, summary.weights_hash)}});
}

// The status of the finished run in the folder; "" if there is none. The first rank reads it for
// all ranks.
std::string FinishedStatus(const Node& tree, const RunOptions& options, const Registry& registry) {
  std::string status;
  Together(options.ranks, [&] {
    if (options.silent()) return;
    const bool ended = std::filesystem::exists(options.out + "/summary.json") &&
                       !HasLostFile(options.out) &&
                       ReadRun(options.out).summary.status != "stopped";
    if (!ended) return;
    AnySpec spec = ParseAnyExperiment(tree, registry);
    Files files(options.files);
    const PreparedData data = LoadData(HeadOf(spec), registry, files, [](const std::string&) {});
    WithLocations(tree, [&] { FitTask(data, registry, &spec); });
    const auto run = FindFinishedRun(options.out, ResolvedConfig(spec));
    if (!run) return;
    RunInputs inputs = InputsOf(data, registry.libraries());
    WithLocations(tree, [&] { AddInitialWeights(HeadOf(spec), &inputs); });
    CheckInputs(options.out, inputs);
    CheckCheckpoint(options.out, run->summary);
    status = run->summary.status;
  });
  return options.ranks != nullptr ? options.ranks->FromFirst(status) : status;
}

template <typename T>
int TrainOne(const Node& tree, const RunOptions& options, const Registry& registry,
             std::string* folder) {
  std::optional<SingleRun<T>> run;
  Together(options.ranks, [&] {
    WithLocations(tree, [&] {
      run.emplace(tree, options, registry);
      return 0;
    });
  });
  const int code = run->Train();
  if (!run->folder().empty()) *folder = run->folder();
  return code;
}

}  // namespace

int RunExperiment(const Node& tree, const RunOptions& options, const Registry& registry,
                  std::string* folder) {
  if (options.resume) {
    const std::string status = FinishedStatus(tree, options, registry);
    if (!status.empty()) {
      Console console(options.quiet, options.silent(), options.json);
      console.Line("nothing to do: the run in " + options.out + " is " + status);
      if (status == "complete" && !options.silent() &&
          !std::filesystem::exists(options.out + "/" + kLastCheckpoint)) {
        console.Warn("warning: it has no " + std::string(kLastCheckpoint) +
                     ", and so no model; `rerun " + ShellWord(options.out) + "` trains it again");
      }
      if (!options.silent()) *folder = options.out;
      return status == "diverged" ? kDiverged : kGood;
    }
  }
  if (DtypeOf(tree) == Dtype::kFloat64) return TrainOne<double>(tree, options, registry, folder);
  return TrainOne<float>(tree, options, registry, folder);
}

}  // namespace nabla
