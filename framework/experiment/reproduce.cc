#include "framework/experiment/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>

#include "framework/base/error.h"
#include "framework/data/disk.h"
#include "framework/data/split.h"
#include "framework/experiment/console.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/reproduction.h"
#include "framework/experiment/run_folder.h"
#include "framework/experiment/signals.h"

namespace nabla {
namespace {

// Data that experiments share, loaded once.
class DataShelf {
 public:
  explicit DataShelf(Files& files) : files_(files) {}

  const DataSplits& Get(const ExperimentHead& spec) {
    Node key = Node::Map();
    key.Set("dataset", spec.dataset.config);
    key.Set("split", FieldType<SplitSettings>::Print(spec.split));
    const auto [place, is_new] = prepared_.try_emplace(PrintYaml(key));
    if (is_new) place->second = PrepareData(spec.split, spec.dataset->Load(files_));
    return place->second;
  }

 private:
  Files& files_;
  std::map<std::string, DataSplits> prepared_;
};

// The runs of one experiment, one worker each.
template <typename T>
class SeedRuns {
 public:
  SeedRuns(const ExperimentSpec<T>& spec, const DataSplits& data, const Registry& registry,
           Console& console)
      : spec_(spec), data_(data), registry_(registry), console_(console) {}

  // Runs seeds spec.seed + 0 .. count - 1 and fills in runs and failures.
  void Run(size_t count, size_t threads, Reproduction* out) {
    total_epochs_ = static_cast<int64_t>(count) * spec_.train.epochs;
    std::vector<std::optional<SeedRun>> runs(count);
    Threads pool(std::min(threads, count));
    pool.Run(count, [&](size_t item, size_t) { runs[item] = RunOne(item); });
    if (error_) std::rethrow_exception(error_);
    for (std::optional<SeedRun>& run : runs) {
      if (run) out->runs.push_back(std::move(*run));
    }
    out->failures = failures_;
  }

 private:
  // Absent if it was stopped or failed. Throws nothing, for it runs in a phase.
  std::optional<SeedRun> RunOne(size_t item) {
    if (CaughtSignal() != 0 || failed_) return std::nullopt;
    ExperimentSpec<T> spec = spec_;
    spec.seed += static_cast<int64_t>(item);
    try {
      Threads alone(1);
      Experiment<T> experiment(spec, registry_, data_, alone);
      Follower<T> follower;
      follower.stop = [] { return CaughtSignal() != 0; };
      follower.on_epoch = [this](const EpochFigures&) { CountEpoch(); };
      if (!experiment.trainer().Run(follower)) return std::nullopt;
      return SeedRun{spec.seed, {experiment.trainer().history(), experiment.initial_losses()}};
    } catch (const Diverged& e) {
      const std::lock_guard lock(mutex_);
      failures_.push_back(fmt::format("seed {}: {}", spec.seed, e.what()));
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failed_ = true;
      error_ = std::current_exception();
    }
    return std::nullopt;
  }

  void CountEpoch() {
    const std::lock_guard lock(mutex_);
    ++epochs_done_;
    console_.Progress(spec_.name,
                      static_cast<double>(epochs_done_) / static_cast<double>(total_epochs_),
                      fmt::format("{} of {} epochs", epochs_done_, total_epochs_));
  }

  const ExperimentSpec<T>& spec_;
  const DataSplits& data_;
  const Registry& registry_;
  Console& console_;
  int64_t total_epochs_ = 0;

  std::mutex mutex_;  // of what follows
  int64_t epochs_done_ = 0;
  std::vector<std::string> failures_;
  std::atomic<bool> failed_ = false;
  std::exception_ptr error_;
};

size_t SeedCount(const ExperimentHead& spec, const ReproduceOptions& options) {
  const bool all_exact = std::all_of(spec.reference.begin(), spec.reference.end(),
                                     [](const Reference& r) { return r.exact; });
  return all_exact ? 1 : static_cast<size_t>(options.seeds.value_or(spec.reproduce.seeds));
}

template <typename T>
Reproduction ReproduceOne(const Node& tree, const ReproduceOptions& options,
                          const Registry& registry, DataShelf& shelf, Console& console) {
  const ExperimentSpec<T> spec = ParseExperiment<T>(tree, registry);
  if (spec.reference.empty()) {
    throw InputError(std::vector<Problem>{
        {tree.place, spec.name + " has no figures to reproduce: \"reference\" is missing"}});
  }
  const auto start = std::chrono::steady_clock::now();
  Reproduction result{.spec = spec};
  const DataSplits& data = shelf.Get(spec);
  const size_t threads = options.threads > 0 ? options.threads : UsableCores();
  const size_t count = SeedCount(spec, options);
  console.Line(fmt::format("{}: {} run{} of {} epochs, {} at a time", spec.name, count,
                           count == 1 ? "" : "s", spec.train.epochs, std::min(threads, count)));
  SeedRuns<T>(spec, data, registry, console).Run(count, threads, &result);
  result.lists = Judge(spec.reference, spec.reproduce, spec.seed, result.runs);
  result.stopped = CaughtSignal() != 0 && result.runs.size() + result.failures.size() < count;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace

int Reproduce(const std::vector<Node>& trees, const ReproduceOptions& options,
              const Registry& registry) {
  Console console(options.quiet);
  Files files(options.files);
  DataShelf shelf(files);
  const std::string folder = options.out.empty()
                                 ? NewRunPath(options.files.working_directory, "reproduction")
                                 : options.out;
  std::vector<Reproduction> results;
  for (const Node& tree : trees) {
    if (CaughtSignal() != 0) break;
    results.push_back(DtypeOf(tree) == Dtype::kFloat64
                          ? ReproduceOne<double>(tree, options, registry, shelf, console)
                          : ReproduceOne<float>(tree, options, registry, shelf, console));
    console.Line(ReproductionText(results.back()));
    const std::string json = ReproductionJson(results, CaughtSignal() != 0);
    WriteFile(folder + "/reproduction.json",
              {reinterpret_cast<const uint8_t*>(json.data()), json.size()});
  }
  console.Line("written: " + folder + "/reproduction.json");
  return CaughtSignal() != 0 ? kSignalBase + CaughtSignal() : kGood;
}

}  // namespace nabla
