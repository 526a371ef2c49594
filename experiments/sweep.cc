#include "experiments/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "experiments/folder_result.h"
#include "experiments/halving_runs.h"
#include "experiments/judged_metric.h"
#include "experiments/latest_run.h"
#include "experiments/setting_folders.h"
#include "experiments/sweep_records.h"
#include "experiments/sweep_table.h"
#include "framework/base/signals.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/record/checkpoint.h"
#include "framework/record/finished_run.h"
#include "framework/record/run_plan.h"
#include "framework/report/report_text.h"
#include "framework/report/run_report.h"
#include "framework/search/halving.h"
#include "framework/spec/sweep_points.h"
#include "framework/terminal/console.h"
#include "framework/training/experiment.h"
#include "framework/training/side_by_side.h"
#include "framework/training/task_defaults.h"
#include "framework/training/training_run.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// Some runs of a sweep may diverge; if all of them do that were to be trained to the end, the
// experiment is wrong.
bool AllDiverged(const std::vector<SweepResult>& results) {
  return std::all_of(results.begin(), results.end(), [](const SweepResult& result) {
    return result.paused_at > 0 ||
           std::all_of(result.runs.begin(), result.runs.end(),
                       [](const RunResult& run) { return !run.failure.empty(); });
  });
}

// The epochs of every setting, which a halving divides. Throws InputError for what it cannot be
// combined with.
int64_t EpochsToHalve(const Node& halving, const std::vector<SweepPoint>& points,
                      const std::vector<AnySpec>& specs, const RunOptions& options) {
  Problems problems;
  const int64_t epochs = HeadOf(specs.front()).train.epochs;
  for (size_t p = 0; p < specs.size(); ++p) {
    const TrainSection& train = HeadOf(specs[p]).train;
    if (train.max_time) {
      problems.Add(points[p].tree.Find("train")->Find("max_time")->place,
                   "sweep.halving ends its rungs by epochs, not by the clock: leave out "
                   "train.max_time");
      break;
    }
    if (train.epochs == epochs) continue;
    problems.Add(halving.place,
                 fmt::format("halving divides train.epochs, which must be the same for all "
                             "settings, and is {} and {}",
                             epochs, train.epochs));
    break;
  }
  if (options.shard.count > 1) {
    problems.Add({"--shard"},
                 "a halving compares all runs, so that they cannot be split; processes with the "
                 "same --out divide them");
  }
  problems.ThrowIfAny();
  return epochs;
}

// The place of a key of the sweep, or of the sweep itself.
Place PlaceOf(const Node& tree, const char* key = nullptr) {
  const Node* sweep = tree.Find("sweep");
  if (sweep == nullptr) return {};
  const Node* node = key == nullptr ? nullptr : sweep->Find(key);
  return node == nullptr ? sweep->place : node->place;
}

// Each run is kept in the memory.
void CheckRunCount(const Node& tree, size_t settings, const Seeds& seeds, int64_t folds) {
  constexpr size_t kMost = 100000;
  const size_t each = seeds.list.empty() ? static_cast<size_t>(seeds.count) : seeds.list.size();
  const size_t parts = std::max<size_t>(1, static_cast<size_t>(folds));
  if (folds == 1) {
    throw InputError(
        std::vector<Problem>{{PlaceOf(tree, "folds"),
                              "sweep.folds is 1: there must be 2 folds or more, or 0 for none"}});
  }
  if (settings <= kMost / each / parts) return;
  throw InputError(std::vector<Problem>{
      {PlaceOf(tree), fmt::format("more than {} runs: {} setting{}, {} seed{} each{}", kMost,
                                  settings, settings == 1 ? "" : "s", each, each == 1 ? "" : "s",
                                  folds > 0 ? fmt::format(", {} folds", folds) : "")}});
}

class Settings {
 public:
  // `tree` is that of the file, with its sweep.
  Settings(const Node& tree, const std::vector<SweepPoint>& points, const SweepSection& section,
           const RunOptions& options, const Registry& registry)
      : options_(options),
        registry_(registry),
        tree_(tree),
        points_(points),
        folds_(static_cast<size_t>(section.folds)) {
    const Seeds seeds = options.seeds.value_or(Seeds{.count = section.seeds});
    CheckRunCount(tree, points.size(), seeds, section.folds);
    std::vector<AnySpec> specs;
    for (const SweepPoint& p : points) specs.push_back(ParseAnyExperiment(p.tree, registry));
    name_ = HeadOf(specs.front()).name;
    order_ = OrderOf({"--sort"}, options.sort, specs, registry);
    if (section.halving) BeginHalving(*section.halving, specs);
    std::vector<std::string> labels;
    for (const SweepPoint& point : points) labels.push_back(point.label);
    const std::vector<std::string> folders = SettingFolders(labels);
    for (size_t p = 0; p < specs.size(); ++p) {
      seeds_ = WithLocations(points[p].tree, [&] { return seeds.From(HeadOf(specs[p]).seed); });
      for (const int64_t seed : seeds_) {
        HeadOf(specs[p]).seed = seed;
        if (folds_ == 0) Add(specs[p], folders[p] + SeedFolder(seed, false, 0), points[p]);
        for (size_t fold = 0; fold < folds_; ++fold) {
          HeadOf(specs[p]).split.folds = section.folds;
          HeadOf(specs[p]).split.fold = static_cast<int64_t>(fold);
          Add(specs[p], folders[p] + SeedFolder(seed, true, HeadOf(specs[p]).split.fold),
              points[p]);
        }
      }
    }
  }

  // `repeats` draws gave a setting again. Returns the exit code.
  int Run(size_t repeats) {
    Console console(options_.quiet, false, options_.json);
    const size_t workers = std::min(options_.Workers(), queue_.size());
    console.Line(
        fmt::format("{}: {} setting{}, {} seed{} each{}, {} run{} at a time", name_, points_.size(),
                    points_.size() == 1 ? "" : "s", seeds_.size(), seeds_.size() == 1 ? "" : "s",
                    folds_ > 0 ? fmt::format(", {} fold{}", folds_, folds_ == 1 ? "" : "s") : "",
                    workers, workers == 1 ? "" : "s"));
    if (repeats > 0) {
      console.Line(fmt::format("note: {} of {} random draws repeated a setting and {} left out",
                               repeats, points_.size() + repeats, repeats == 1 ? "is" : "are"));
    }
    Files files(console.WithDownloadsShown(options_.files));
    console.Status("loading data");
    DataCache cache(files);
    Prepare(cache, console);
    folder_ = options_.SharedFolderFor(name_, plan_);
    if (options_.out.empty()) PointLatest(folder_);
    for (QueuedRun& queued : queue_) queued.folder = folder_ + "/" + queued.folder;
    if (options_.resume) TellOfNewBeginnings(console);
    const std::vector<SweepResult> results = Results(console);
    console.Line(SweepTable(results,
                            order_.metric.empty() && !rungs_.empty() ? rung_order_ : order_,
                            console.Columns()));
    if (plan_.StillStands(folder_)) {
      Write(results, console);
    } else {
      console.Line("not written: another process has added runs to " + folder_ +
                   ", and writes the table of all");
    }
    PrintFolderResult(folder_, SweepJson(name_, results), options_);
    const bool diverged = CaughtSignal() == 0 && AllDiverged(results);
    return diverged ? static_cast<int>(kDiverged) : GoodUnlessStopped();
  }

 private:
  // Gives every run its data, and says what looks wrong.
  void Prepare(DataCache& cache, Console& console) {
    UnitKeys units;
    std::set<std::string> twice;
    for (QueuedRun& queued : queue_) {
      WithLocations(*queued.tree, [&] {
        queued.data = &DataOf(queued, cache);
        FitTask(*queued.data, registry_, &queued.spec);
      });
      twice.insert(std::visit([](const auto& spec) { return TwiceText(spec); }, queued.spec));
      CheckRanked(queued);
      const Node config = ResolvedConfig(queued.spec);
      units.Add(config);
      plan_.Add(queued.folder, config);
    }
    order_.units = rung_order_.units = units;
    CheckRankedByOneMetric();
    for (const std::string& remark : cache.remarks()) console.Warn(remark);
    for (const std::string& warning : twice) {
      if (!warning.empty()) console.Warn(warning);
    }
  }

  // The user wrote the folds of the sweep, not those of the run's split.
  const PreparedData& DataOf(const QueuedRun& queued, DataCache& cache) const {
    constexpr std::string_view kKey = "split.folds";
    try {
      return cache.Get(HeadOf(queued.spec));
    } catch (const InputError& e) {
      std::vector<Problem> problems = e.problems();
      for (Problem& problem : problems) {
        if (folds_ == 0 || !problem.message.starts_with(kKey)) continue;
        problem.message = "sweep.folds" + problem.message.substr(kKey.size());
        problem.place = PlaceOf(tree_, "folds");
      }
      throw InputError(problems);
    }
  }

  void BeginHalving(const HalvingSection& section, const std::vector<AnySpec>& specs) {
    const Node& node = *tree_.Find("sweep")->Find("halving");
    const int64_t epochs = EpochsToHalve(node, points_, specs, options_);
    rungs_ = Rungs(points_.size(), epochs, section, node.place);
    const Node* metric = node.Find("metric");
    rung_order_ = OrderOf(metric == nullptr ? node.place : metric->place,
                          section.metric.value_or(""), specs, registry_);
  }

  // What ranks the settings must be computed at the end of every rung.
  void CheckRanked(const QueuedRun& queued) const {
    if (rung_order_.metric.empty()) return;
    WithLocations(tree_, [&] {
      std::visit(
          [&](const auto& spec) {
            CheckIsFollowed("sweep.halving.metric", rung_order_.metric, spec, *queued.data);
          },
          queued.spec);
    });
  }

  // A halving drops settings by what ranks them, so that it must be one metric for all.
  void CheckRankedByOneMetric() const {
    if (rungs_.empty()) return;
    const Node& node = *tree_.Find("sweep")->Find("halving");
    const Node* named = node.Find("metric");
    const Place& place = rung_order_.metric.empty() || named == nullptr ? node.place : named->place;
    const SweepOrder order =
        UsualOrder(rung_order_, [&](const std::string& metric) { return AllFollow(metric); });
    if (order.against.empty()) return;
    throw InputError(
        std::vector<Problem>{{place, NotOneMetric(order.against, order.metric) +
                                         ": rank by another one, sweep.halving.metric, that "
                                         "`metrics` gives in fixed units, such "
                                         "as test_rmse, or leave out the halving"}});
  }

  bool AllFollow(const std::string& metric) const {
    return std::ranges::all_of(queue_, [&](const QueuedRun& queued) {
      try {
        std::visit(
            [&](const auto& spec) {
              CheckIsFollowed("sweep.halving.metric", metric, spec, *queued.data);
            },
            queued.spec);
        return true;
      } catch (const InputError&) {
        return false;
      }
    });
  }

  std::vector<SweepResult> Results(Console& console) const {
    const auto run_all = [&](const std::vector<QueuedRun>& queue) {
      return RunSideBySide(queue, registry_, options_.Workers(), options_.shard, name_, console);
    };
    if (rungs_.empty()) return ByPoint(run_all(queue_));
    console.Line(fmt::format("halving: {}: {:.3g} % of the epochs of all settings",
                             RungsText(rungs_), 100 * ShareOf(rungs_)));
    std::vector<SweepResult> results = Labelled();
    RunRungs(rungs_, rung_order_, queue_, run_all, console, &results);
    return results;
  }

  // Runs of a sweep keep no checkpoint unasked.
  void TellOfNewBeginnings(Console& console) const {
    const auto begins_anew = [&](const QueuedRun& queued) {
      return fs::exists(queued.folder + "/metrics.jsonl") &&
             !fs::exists(queued.folder + "/" + kLastCheckpoint) &&
             !FindFinishedRun(queued.folder, ResolvedConfig(queued.spec));
    };
    const auto count = std::ranges::count_if(queue_, begins_anew);
    if (count == 0) return;
    console.Line(
        fmt::format("{} of {} runs have no checkpoint and begin anew: `checkpoint:` in "
                    "the experiment makes a sweep write them",
                    count, queue_.size()));
  }

  void Add(const AnySpec& spec, const std::string& folder, const SweepPoint& point) {
    queue_.push_back({spec, nullptr, folder, options_.tensorboard, &point.tree});
  }

  void Write(const std::vector<SweepResult>& results, Console& console) const {
    WriteText(folder_ + "/sweep.json", SweepJson(name_, results));
    WriteText(folder_ + "/sweep.csv", SweepCsv(results));
    const bool any = std::any_of(results.begin(), results.end(), [](const SweepResult& result) {
      return std::any_of(result.runs.begin(), result.runs.end(),
                         [](const RunResult& run) { return run.metrics.has_value(); });
    });
    if (any) {
      const Report report = CollectReport({folder_}, registry_);
      WriteReport(report, folder_ + "/report.html");
      if (const std::string text = ImportanceText(report); !text.empty()) console.Line(text);
    }
    console.Line("wrote " + folder_ + "/sweep.json, sweep.csv" + (any ? ", report.html" : "") +
                 " and a folder for each run");
  }

  // The results of all settings, without runs.
  std::vector<SweepResult> Labelled() const {
    std::vector<SweepResult> results;
    for (const SweepPoint& point : points_) {
      SweepResult& result = results.emplace_back();
      result.label = point.label.empty() ? name_ : point.label;
      result.folds = folds_;
      result.settings = point.settings;
    }
    return results;
  }

  std::vector<SweepResult> ByPoint(std::vector<RunResult> runs) const {
    std::vector<SweepResult> results = Labelled();
    const size_t count = seeds_.size() * std::max<size_t>(1, folds_);
    for (size_t i = 0; i < runs.size(); ++i) results[i / count].runs.push_back(std::move(runs[i]));
    return results;
  }

  const RunOptions& options_;
  const Registry& registry_;
  const Node& tree_;
  const std::vector<SweepPoint>& points_;
  std::string name_;
  SweepOrder order_;
  std::vector<Rung> rungs_;  // empty: all settings are trained to the end
  SweepOrder rung_order_;
  std::string folder_;
  const size_t folds_;
  std::vector<int64_t> seeds_;  // of one point; all points have equally many
  std::vector<QueuedRun> queue_;
  RunPlan plan_;
};

}  // namespace

int Sweep(const Node& tree, const RunOptions& options, const Registry& registry) {
  std::vector<SweepPoint> points;
  size_t repeats = 0;
  std::optional<Settings> settings;
  Together(options.ranks, [&] {
    points = SweepPoints(tree, registry, &repeats);
    SweepSection section;
    Problems problems;
    if (const Node* node = tree.Find("sweep"); node != nullptr && !node->IsNull()) {
      TableOf<SweepSection>().Parse(&section, *node, {problems});
    }
    problems.ThrowIfAny();
    settings.emplace(tree, points, section, options, registry);
  });
  return settings->Run(repeats);
}

}  // namespace nabla
