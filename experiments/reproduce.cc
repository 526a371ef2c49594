#include "experiments/reproduce.h"

#include <fmt/format.h>

#include <set>

#include "experiments/folder_result.h"
#include "experiments/latest_run.h"
#include "experiments/mistake_runs.h"
#include "experiments/notebook_runs.h"
#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/base/version.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/record/run_plan.h"
#include "framework/report/overview.h"
#include "framework/report/run_report.h"
#include "framework/terminal/console.h"
#include "framework/training/side_by_side.h"
#include "framework/verdict/reproduction.h"
#include "framework/verdict/unjudgeable.h"

namespace nabla {
namespace {

// Folders are called after experiments.
void CheckNames(const std::vector<AnySpec>& specs, const std::vector<Node>& trees) {
  std::set<std::string> taken;
  for (size_t i = 0; i < specs.size(); ++i) {
    const std::string& name = HeadOf(specs[i]).name;
    if (taken.insert(name).second) continue;
    throw InputError(std::vector<Problem>{
        {trees[i].Find("name")->place, "another experiment has the name " + name + " too"}});
  }
}

// A page for each notebook with runs, and one for all.
void WritePages(const std::vector<NotebookExperiment>& notebooks, const std::string& folder,
                const Registry& registry) {
  std::vector<OverviewRow> rows;
  for (const NotebookExperiment& notebook : notebooks) {
    const Reproduction& result = notebook.result;
    OverviewRow& row = rows.emplace_back();
    row.name = result.spec.name;
    row.source = result.spec.source;
    row.runs = result.runs.by_seed.size();
    row.seconds = result.seconds;
    row.verdicts = VerdictsOf(result);
    if (row.runs == 0) continue;
    row.link = row.name + "/report.html";
    Report report = CollectReport({folder + "/" + row.name}, registry);
    report.verdicts = row.verdicts;
    WriteReport(report, folder + "/" + row.link);
  }
  WriteText(folder + "/report.html", RenderOverview(rows, kVersion));
}

std::string JsonOf(const std::vector<NotebookExperiment>& notebooks) {
  std::vector<Reproduction> results;
  for (const NotebookExperiment& notebook : notebooks) results.push_back(notebook.result);
  return ReproductionJson(results, CaughtSignal() != 0);
}

// Writes reproduction.json, unless another process has added runs and writes the verdicts of all.
bool WroteJson(const std::string& json, const RunPlan& plan, const std::string& folder) {
  if (!plan.StillStands(folder)) return false;
  WriteText(folder + "/reproduction.json", json);
  return true;
}

bool AllDiverged(const std::vector<NotebookExperiment>& notebooks) {
  bool any = false;
  for (const NotebookExperiment& notebook : notebooks) {
    for (const SeedRun& run : notebook.result.runs.by_seed) {
      any = true;
      if (!run.metrics.epochs.empty()) return false;
    }
  }
  return any;
}

// reproduction.json, which is printed for scripts too, and the pages last: after a signal there may
// be no time for them. Returns the exit code.
int WriteResults(const std::vector<NotebookExperiment>& notebooks, const RunPlan& plan,
                 const std::string& folder, const RunOptions& options, const Registry& registry,
                 Console& console) {
  const std::string json = JsonOf(notebooks);
  const bool wrote = WroteJson(json, plan, folder);
  PrintFolderResult(folder, json, options);
  WritePages(notebooks, folder, registry);
  console.Line(wrote ? "wrote " + folder +
                           "/reproduction.json and report.html, and a report.html in the "
                           "folder of each experiment with runs"
                     : "not written: another process has added runs to " + folder +
                           ", and writes the verdicts of all");
  if (CaughtSignal() == 0 && AllDiverged(notebooks)) return static_cast<int>(kDiverged);
  return GoodUnlessStopped();
}

}  // namespace

int Reproduce(const std::vector<Node>& trees, const RunOptions& options, const Registry& registry) {
  Console console(options.quiet, false, options.json);
  Files files(console.WithDownloadsShown(options.files));
  console.Status("loading data");
  DataCache cache(files);
  std::vector<AnySpec> specs;
  Together(options.ranks, [&] {
    for (const Node& tree : trees)
      specs.push_back(ParseJudgeable(tree, registry, "has no metrics to reproduce"));
    CheckNames(specs, trees);
  });
  NotebookRuns runs(registry, options, console);
  std::vector<NotebookExperiment> notebooks;
  RunPlan plan;
  for (size_t i = 0; i < specs.size(); ++i) {
    WithLocations(trees[i], [&] {
      const PreparedData& data = cache.Get(HeadOf(specs[i]));
      ThrowIfAny(FindUnjudgeable(HeadOf(specs[i]), trees[i], data));
      notebooks.push_back({.spec = specs[i],
                           .tree = &trees[i],
                           .data = &data,
                           .seeds = SeedsFor(HeadOf(specs[i]), trees[i], options)});
    });
    runs.Plan(notebooks.back(), &plan);
  }
  for (const std::string& remark : cache.remarks()) console.Warn(remark);
  const std::string folder = options.SharedFolderFor("reproduction", plan);
  if (options.out.empty()) PointLatest(folder);
  runs.MakeAll(folder, &notebooks, [&](const NotebookExperiment& notebook) {
    console.Line(ReproductionText(notebook.result));
  });
  WroteJson(JsonOf(notebooks), plan, folder);  // power may take hours
  MeasurePower(folder, options, registry, cache, console, &notebooks);
  return WriteResults(notebooks, plan, folder, options, registry, console);
}

}  // namespace nabla
