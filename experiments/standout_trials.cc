#include "experiments/standout_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "experiments/judged_metric.h"
#include "experiments/standout_lines.h"
#include "framework/base/signals.h"
#include "framework/config/override.h"
#include "framework/record/finished_run.h"
#include "framework/record/finite.h"
#include "framework/record/same_run.h"
#include "framework/report/run_report.h"
#include "framework/training/side_by_side.h"

namespace nabla {
namespace {

constexpr int64_t kSeeds = 3;
constexpr int64_t kMostEpochs = 5;
constexpr double kUsualBudget = 60;  // seconds

constexpr std::string_view kEpochsKey = "train.epochs=";

// The runs of one side of a trial.
struct Side {
  Node tree;
  int64_t epochs = 0;  // trained
  bool whole = false;  // of all its epochs; otherwise it pauses
};

struct Trial {
  Standout* standout;
  Side before;
  Side after;

  int64_t Epochs() const { return before.epochs + after.epochs; }
};

class Trials {
 public:
  Trials(const std::string& folder, const RunOptions& options, const Program& program,
         Console& console)
      : options_(options),
        program_(program),
        console_(console),
        run_(ReadRun(folder)),
        tree_(ReadFoundExperiment(program, folder + "/config.yaml")),
        epochs_(EpochsOf(tree_)) {
    // These are about the whole run.
    for (const char* none : {"train.max_time=null", "reproduce={}", "reference=[]"}) {
      ApplyOverride(tree_, none);
    }
  }

  // Fills in the standouts that were tried.
  void Try(std::vector<Standout>* standouts) {
    Plan(standouts);
    if (trials_.empty()) return;
    Files files(console_.WithDownloadsShown(options_.files));
    DataCache cache(files);
    std::vector<QueuedRun> queue;
    for (const Trial& trial : trials_) {
      for (const Side* side : {&trial.before, &trial.after}) AddRuns(*side, cache, &queue);
    }
    const std::vector<RunResult> runs = RunSideBySide(queue, program_.registry, options_.Workers(),
                                                      options_.shard, "trying", console_);
    if (CaughtSignal() != 0) return;
    auto next = runs.begin();
    for (const Trial& trial : trials_) {
      const std::span before(next, next + seeds_);
      const std::span after(next + seeds_, next + 2 * seeds_);
      const Tried tried = Judge(trial, before, after);
      console_.Line(trial.standout->attempt + ": " + TriedText(tried));
      // Several may say to try the same.
      for (Standout& standout : *standouts) {
        if (standout.attempt == trial.standout->attempt) standout.tried = tried;
      }
      next += 2 * seeds_;
    }
  }

 private:
  // Of one epoch of one run.
  double Seconds() const {
    const auto epochs = static_cast<double>(std::max<size_t>(1, run_.epochs.size()));
    return run_.summary.seconds / epochs;
  }

  double Budget() const { return options_.budget.value_or(kUsualBudget); }

  // What fits the budget: all seeds and epochs, or fewer of both.
  void Plan(std::vector<Standout>* standouts) {
    std::vector<Standout*> wanted;
    for (Standout& standout : *standouts) {
      const bool known = std::ranges::any_of(
          wanted, [&](const Standout* other) { return other->attempt == standout.attempt; });
      if (!standout.attempt.empty() && !known) wanted.push_back(&standout);
    }
    if (wanted.empty()) return;
    const double each = Budget() / Seconds() / static_cast<double>(wanted.size());  // epochs
    for (Standout* standout : wanted) {
      Trial trial{.standout = standout, .before = {.tree = tree_}, .after = {.tree = tree_}};
      ApplyOverride(trial.after.tree, standout->attempt);
      const bool whole = standout->attempt.starts_with(kEpochsKey);
      const auto fits = static_cast<int64_t>(std::min(each / 2 / kSeeds, 1e6));
      const int64_t some = std::max<int64_t>(1, std::min({fits, kMostEpochs, epochs_}));
      trial.before.epochs = whole ? epochs_ : some;
      trial.after.epochs = whole ? EpochsOf(trial.after.tree) : some;
      trial.before.whole = trial.after.whole = whole;
      if (static_cast<double>(trial.Epochs()) > each) {
        console_.Line(fmt::format(
            "not tried: {} would take about {:.0f} s; --budget says how long "
            "all may take",
            standout->attempt, std::ceil(static_cast<double>(trial.Epochs()) * Seconds())));
        continue;
      }
      if (static_cast<double>(kSeeds * trial.Epochs()) > each) seeds_ = 1;
      trials_.push_back(std::move(trial));
    }
  }

  void AddRuns(const Side& side, DataCache& cache, std::vector<QueuedRun>* queue) const {
    for (int64_t k = 0; k < seeds_; ++k) {
      QueuedRun& queued = queue->emplace_back(
          QueuedRun{.spec = ParseAnyExperiment(side.tree, program_.registry), .tree = &side.tree});
      HeadOf(queued.spec).seed += k;
      queued.data = &cache.Get(HeadOf(queued.spec));
      if (!side.whole) queued.pause = static_cast<double>(side.epochs);
    }
  }

  // Of the metric that orders settings, of those that all runs have that did not diverge.
  SweepOrder OrderOfRuns(const Trial& trial, std::span<const RunResult> before,
                         std::span<const RunResult> after) const {
    const SweepOrder order = OrderOf({}, "",
                                     {ParseAnyExperiment(trial.before.tree, program_.registry),
                                      ParseAnyExperiment(trial.after.tree, program_.registry)},
                                     program_.registry);
    const auto lacks = [](const RunResult& run, const std::string& metric) {
      return run.metrics && !MetricOf(run.metrics->epochs.back(), metric);
    };
    return UsualOrder(order, [&](const std::string& metric) {
      const auto missing = [&](const RunResult& run) { return lacks(run, metric); };
      return std::ranges::none_of(before, missing) && std::ranges::none_of(after, missing);
    });
  }

  static std::optional<double> ValueOf(const RunResult& run, const std::string& metric) {
    if (!run.metrics) return std::nullopt;
    return FiniteOf(MetricOf(run.metrics->epochs.back(), metric));
  }

  static std::optional<double> Mean(std::span<const RunResult> runs, const std::string& metric) {
    double sum = 0;
    for (const RunResult& run : runs) {
      const std::optional<double> value = ValueOf(run, metric);
      if (!value) return std::nullopt;
      sum += *value;
    }
    return sum / static_cast<double>(runs.size());
  }

  Tried Judge(const Trial& trial, std::span<const RunResult> before,
              std::span<const RunResult> after) const {
    const SweepOrder order = OrderOfRuns(trial, before, after);
    const double sign = order.smaller_is_better ? 1 : -1;
    Tried tried{.epochs = trial.before.epochs,
                .epochs_with = trial.after.epochs,
                .seeds = static_cast<int64_t>(before.size()),
                .metric = order.metric,
                .before = Mean(before, order.metric),
                .after = Mean(after, order.metric)};
    for (size_t k = 0; k < before.size(); ++k) {
      const double a = sign * ValueOf(before[k], order.metric).value_or(kNaN);
      const double b = sign * ValueOf(after[k], order.metric).value_or(kNaN);
      if (IsBetter(b, a)) ++tried.better;
      if (IsBetter(a, b)) ++tried.worse;
    }
    return tried;
  }

  const RunOptions& options_;
  const Program& program_;
  Console& console_;
  const FinishedRun run_;
  Node tree_;
  const int64_t epochs_;
  int64_t seeds_ = kSeeds;
  std::vector<Trial> trials_;
};

}  // namespace

void TryStandouts(const std::string& folder, const RunOptions& options, const Program& program,
                  Console& console) {
  std::vector<Standout> standouts =
      CollectReport({folder}, program.registry).runs.front().standouts;
  if (standouts.empty()) return console.Line("nothing stands out, so there is nothing to try");
  Trials(folder, options, program, console).Try(&standouts);
  KeepStandouts(folder, standouts);
}

}  // namespace nabla
