#include "framework/experiment/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>

#include "framework/experiment/signals.h"

namespace nabla {
namespace {

template <typename T>
class Runs {
 public:
  Runs(const Registry& registry, const std::string& name, int64_t epochs, Console& console)
      : registry_(registry), name_(name), total_epochs_(epochs), console_(console) {}

  // Throws nothing, for it runs in a phase.
  SideRun RunOne(const ExperimentSpec<T>& spec, const DataSplits& data) {
    SideRun run{.seed = spec.seed};
    if (CaughtSignal() != 0 || failed_) return run;
    try {
      Threads alone(1);
      Experiment<T> experiment(spec, registry_, data, alone);
      Follower<T> follower;
      follower.stop = [] { return CaughtSignal() != 0; };
      follower.on_epoch = [this](const EpochFigures&) { CountEpoch(); };
      if (experiment.trainer().Run(follower)) {
        run.figures = RunFigures{experiment.trainer().history(), experiment.initial_losses()};
      }
    } catch (const Diverged& e) {
      run.failure = e.what();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failed_ = true;
      error_ = std::current_exception();
    }
    return run;
  }

  void ThrowIfFailed() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void CountEpoch() {
    const std::lock_guard lock(mutex_);
    ++epochs_done_;
    console_.Progress(name_, static_cast<double>(epochs_done_) / static_cast<double>(total_epochs_),
                      fmt::format("{} of {} epochs", epochs_done_, total_epochs_));
  }

  const Registry& registry_;
  const std::string& name_;
  const int64_t total_epochs_;
  Console& console_;
  std::atomic<bool> failed_ = false;

  std::mutex mutex_;  // of what follows
  int64_t epochs_done_ = 0;
  std::exception_ptr error_;
};

}  // namespace

const DataSplits& DataShelf::Get(const ExperimentHead& spec) {
  const auto [place, is_new] = prepared_.try_emplace(PrintYaml(DataConfig(spec)));
  if (is_new) place->second = PrepareData(spec, spec.dataset->Load(files_));
  return place->second;
}

template <typename T>
std::vector<SideRun> RunSideBySide(const std::vector<ExperimentSpec<T>>& specs,
                                   const std::vector<const DataSplits*>& data,
                                   const Registry& registry, size_t threads,
                                   const std::string& name, Console& console) {
  int64_t epochs = 0;
  for (const ExperimentSpec<T>& spec : specs) epochs += spec.train.epochs;
  Runs<T> runs(registry, name, epochs, console);
  std::vector<SideRun> results(specs.size());
  Threads pool(std::min(threads, specs.size()));
  pool.Run(specs.size(),
           [&](size_t item, size_t) { results[item] = runs.RunOne(specs[item], *data[item]); });
  runs.ThrowIfFailed();
  return results;
}

template std::vector<SideRun> RunSideBySide(const std::vector<ExperimentSpec<float>>&,
                                            const std::vector<const DataSplits*>&, const Registry&,
                                            size_t, const std::string&, Console&);
template std::vector<SideRun> RunSideBySide(const std::vector<ExperimentSpec<double>>&,
                                            const std::vector<const DataSplits*>&, const Registry&,
                                            size_t, const std::string&, Console&);

}  // namespace nabla
