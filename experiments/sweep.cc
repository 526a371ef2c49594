#include "experiments/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "experiments/judged_metric.h"
#include "experiments/setting_folders.h"
#include "experiments/sweep_table.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/record/checkpoint.h"
#include "framework/record/finished_run.h"
#include "framework/record/run_plan.h"
#include "framework/report/run_report.h"
#include "framework/spec/sweep_points.h"
#include "framework/terminal/console.h"
#include "framework/training/side_by_side.h"
#include "framework/training/task_defaults.h"
#include "framework/training/training_run.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

// Some runs of a sweep may diverge; if all of them do, the experiment is wrong.
bool AllDiverged(const std::vector<SweepResult>& results) {
  return std::all_of(results.begin(), results.end(), [](const SweepResult& result) {
    return std::all_of(result.runs.begin(), result.runs.end(),
                       [](const RunResult& run) { return !run.failure.empty(); });
  });
}

class Settings {
 public:
  Settings(const std::vector<SweepPoint>& points, const SweepSection& section,
           const RunOptions& options, const Registry& registry)
      : options_(options),
        registry_(registry),
        points_(points),
        folds_(static_cast<size_t>(section.folds)) {
    std::vector<AnySpec> specs;
    for (const SweepPoint& p : points) specs.push_back(ParseAnyExperiment(p.tree, registry));
    name_ = HeadOf(specs.front()).name;
    order_ = OrderOf("--sort", options.sort, specs, registry);
    std::vector<std::string> labels;
    for (const SweepPoint& point : points) labels.push_back(point.label);
    const std::vector<std::string> folders = SettingFolders(labels);
    for (size_t p = 0; p < specs.size(); ++p) {
      seeds_ = WithLocations(points[p].tree, [&] {
        return options.seeds.value_or(Seeds{.count = section.seeds}).From(HeadOf(specs[p]).seed);
      });
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

  // Returns the exit code.
  int Run() {
    Console console(options_.quiet);
    const size_t workers = std::min(options_.Workers(), queue_.size());
    console.Line(fmt::format(
        "{}: {} setting{}, {} seed{} each{}, {} run{} at a time", name_, points_.size(),
        points_.size() == 1 ? "" : "s", seeds_.size(), seeds_.size() == 1 ? "" : "s",
        folds_ > 0 ? fmt::format(", {} folds", folds_) : "", workers, workers == 1 ? "" : "s"));
    Files files(console.WithDownloadsShown(options_.files));
    console.Status("loading data");
    DataCache cache(files);
    for (QueuedRun& queued : queue_) {
      WithLocations(*queued.tree, [&] {
        queued.data = &cache.Get(HeadOf(queued.spec));
        FitTask(*queued.data, registry_, &queued.spec);
      });
      plan_.Add(queued.folder, ResolvedConfig(queued.spec));
    }
    for (const std::string& remark : cache.remarks()) console.Warn(remark);
    folder_ = options_.SharedFolderFor(name_, plan_);
    for (QueuedRun& queued : queue_) queued.folder = folder_ + "/" + queued.folder;
    if (options_.resume) TellOfNewBeginnings(console);
    std::vector<RunResult> runs =
        RunSideBySide(queue_, registry_, options_.Workers(), options_.shard, name_, console);
    const std::vector<SweepResult> results = ByPoint(std::move(runs));
    console.Line(SweepTable(results, order_));
    if (plan_.StillStands(folder_)) {
      Write(results, console);
    } else {
      console.Line("not written: another process has added runs to " + folder_ +
                   ", and writes the table of all");
    }
    return AllDiverged(results) ? static_cast<int>(kDiverged) : GoodUnlessStopped();
  }

 private:
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
    if (any) WriteReport(CollectReport({folder_}, registry_), folder_ + "/report.html");
    console.Line("wrote " + folder_ + "/sweep.json, sweep.csv" + (any ? ", report.html" : "") +
                 " and a folder for each run");
  }

  std::vector<SweepResult> ByPoint(std::vector<RunResult> runs) const {
    std::vector<SweepResult> results;
    for (size_t p = 0; p < points_.size(); ++p) {
      SweepResult& result = results.emplace_back();
      result.label = points_[p].label.empty() ? name_ : points_[p].label;
      result.folds = folds_;
      const size_t count = seeds_.size() * std::max<size_t>(1, folds_);
      for (size_t r = 0; r < count; ++r) result.runs.push_back(std::move(runs[p * count + r]));
    }
    return results;
  }

  const RunOptions& options_;
  const Registry& registry_;
  const std::vector<SweepPoint>& points_;
  std::string name_;
  SweepOrder order_;
  std::string folder_;
  const size_t folds_;
  std::vector<int64_t> seeds_;  // of one point; all points have equally many
  std::vector<QueuedRun> queue_;
  RunPlan plan_;
};

}  // namespace

int Sweep(const Node& tree, const RunOptions& options, const Registry& registry) {
  std::vector<SweepPoint> points;
  std::optional<Settings> settings;
  Together(options.ranks, [&] {
    points = SweepPoints(tree, registry);
    SweepSection section;
    Problems problems;
    if (const Node* node = tree.Find("sweep"); node != nullptr && !node->IsNull()) {
      TableOf<SweepSection>().Parse(&section, *node, {problems});
    }
    problems.ThrowIfAny();
    settings.emplace(points, section, options, registry);
  });
  return settings->Run();
}

}  // namespace nabla
