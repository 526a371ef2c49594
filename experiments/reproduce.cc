#include "experiments/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/record/run_plan.h"
#include "framework/report/run_report.h"
#include "framework/terminal/console.h"
#include "framework/training/experiment.h"
#include "framework/training/side_by_side.h"
#include "framework/training/training_run.h"
#include "framework/verdict/reproduction.h"
#include "framework/verdict/unjudgeable.h"

namespace nabla {
namespace {

std::vector<int64_t> SeedsFor(const ExperimentHead& spec, const RunOptions& options) {
  const bool all_exact = std::all_of(spec.reference.begin(), spec.reference.end(),
                                     [](const Reference& r) { return r.exact; });
  if (all_exact) return {spec.seed};
  return options.seeds.value_or(Seeds{.count = spec.reproduce.seeds}).From(spec.seed);
}

// Exact lists are judged by the run with the experiment's own seed.
void CheckExactLists(const ExperimentHead& spec, const Node& tree,
                     const std::vector<int64_t>& seeds) {
  if (std::find(seeds.begin(), seeds.end(), spec.seed) != seeds.end()) return;
  for (size_t i = 0; i < spec.reference.size(); ++i) {
    if (!spec.reference[i].exact) continue;
    throw InputError(std::vector<Problem>{
        {tree.Find("reference")->items[i].place,
         fmt::format("an exact list is judged by seed {}, which --seeds leaves out", spec.seed)}});
  }
}

void ThrowIfAny(const std::vector<Unjudgeable>& lists) {
  std::vector<Problem> problems;
  for (const Unjudgeable& list : lists) problems.push_back(list.problem);
  if (!problems.empty()) throw InputError(problems);
}

// The runs of all experiments in one queue, so that none waits for the last run of another.
struct Work {
  std::vector<AnySpec> specs;
  std::vector<QueuedRun> queue;  // grouped by experiment
  RunPlan plan;
  std::vector<size_t> begins = {0};  // first run of each experiment, then the total

  size_t ExperimentOf(size_t queued) const {
    const auto next = std::upper_bound(begins.begin(), begins.end(), queued);
    return static_cast<size_t>(next - begins.begin()) - 1;
  }
  std::span<const RunResult> RunsOf(size_t experiment, const std::vector<RunResult>& runs) const {
    return std::span(runs).subspan(begins[experiment], begins[experiment + 1] - begins[experiment]);
  }
};

void AddRuns(const AnySpec& spec, const Node& tree, const RunOptions& options,
             const PreparedData& data, Work* work) {
  const std::vector<int64_t> seeds = SeedsFor(HeadOf(spec), options);
  CheckExactLists(HeadOf(spec), tree, seeds);
  ThrowIfAny(FindUnjudgeable(HeadOf(spec), tree, data));
  for (const int64_t seed : seeds) {
    QueuedRun& queued =
        work->queue.emplace_back(QueuedRun{.spec = spec, .data = &data, .tree = &tree});
    HeadOf(queued.spec).seed = seed;
    queued.folder = fmt::format("{}/seed-{}", HeadOf(spec).name, seed);
    work->plan.Add(queued.folder, ResolvedConfig(queued.spec));
  }
  work->begins.push_back(work->queue.size());
}

Reproduction JudgeRuns(const ExperimentHead& spec, std::span<const RunResult> runs) {
  Reproduction result{.spec = spec};
  for (const RunResult& run : runs) {
    result.seconds += run.seconds;
    if (run.metrics) result.runs.push_back({run.seed, *run.metrics});
    if (!run.failure.empty()) {
      result.failures.push_back(fmt::format("seed {}: {}", run.seed, run.failure));
    }
  }
  result.lists = Judge(spec.reference, spec.reproduce, spec.seed, result.runs);
  result.missing = runs.size() - result.runs.size() - result.failures.size();
  return result;
}

AnySpec ParseReproduced(const Node& tree, const Registry& registry) {
  AnySpec spec = ParseAnyExperiment(tree, registry);
  if (HeadOf(spec).reference.empty()) {
    throw InputError(std::vector<Problem>{
        {tree.place,
         HeadOf(spec).name + " has no metrics to reproduce: \"reference\" is missing"}});
  }
  ThrowIfAny(FindUnjudgeable(HeadOf(spec), tree));
  return spec;
}

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

// Reports of all, and reproduction.json. Returns the exit code.
int WriteResults(const std::vector<Reproduction>& results, const RunPlan& plan,
                 const std::string& folder, const Registry& registry, Console& console) {
  bool reports = false;
  for (const Reproduction& result : results) {
    if (result.runs.empty()) continue;
    reports = true;
    const std::string own = folder + "/" + result.spec.name;
    WriteReport(CollectReport({own}, registry), own + "/report.html");
  }
  if (!plan.StillStands(folder)) {
    console.Line("not written: another process has added runs to " + folder +
                 ", and writes the verdicts of all");
    return GoodUnlessStopped();
  }
  WriteText(folder + "/reproduction.json", ReproductionJson(results, CaughtSignal() != 0));
  console.Line("wrote " + folder + "/reproduction.json" +
               (reports ? ", and a report.html in the folder of each experiment with runs" : ""));
  return GoodUnlessStopped();
}

}  // namespace

int Reproduce(const std::vector<Node>& trees, const RunOptions& options, const Registry& registry) {
  Console console(options.quiet);
  Files files(console.WithDownloadsShown(options.files));
  console.Status("loading data");
  DataCache cache(files);
  Work work;
  Together(options.ranks, [&] {
    for (const Node& tree : trees) work.specs.push_back(ParseReproduced(tree, registry));
    CheckNames(work.specs, trees);
  });
  for (size_t i = 0; i < work.specs.size(); ++i) {
    const ExperimentHead& spec = HeadOf(work.specs[i]);
    WithLocations(trees[i],
                  [&] { AddRuns(work.specs[i], trees[i], options, cache.Get(spec), &work); });
    const size_t count = work.queue.size() - work.begins[i];
    console.Line(fmt::format("{}: {} run{} of {} epochs", spec.name, count, count == 1 ? "" : "s",
                             spec.train.epochs));
  }
  for (const std::string& remark : cache.remarks()) console.Warn(remark);
  const std::string folder = options.SharedFolderFor("reproduction", work.plan);
  for (QueuedRun& queued : work.queue) queued.folder = folder + "/" + queued.folder;
  console.Line(fmt::format("{} runs at a time", std::min(options.Workers(), work.queue.size())));
  std::vector<std::optional<Reproduction>> judged(work.specs.size());
  const auto judge = [&](size_t i, const std::vector<RunResult>& runs) {
    judged[i] = JudgeRuns(HeadOf(work.specs[i]), work.RunsOf(i, runs));
    console.Line(ReproductionText(*judged[i]));
  };
  const auto judge_complete = [&](size_t queued, const std::vector<RunResult>& runs) {
    const size_t i = work.ExperimentOf(queued);
    if (judged[i]) return;  // its last two runs ended at the same time
    const std::span<const RunResult> own = work.RunsOf(i, runs);
    if (std::all_of(own.begin(), own.end(), [](const RunResult& r) { return r.Ended(); })) {
      judge(i, runs);
    }
  };
  std::vector<RunResult> runs =
      RunSideBySide(work.queue, registry, options.Workers(), options.shard, "reproduction", console,
                    judge_complete);
  std::vector<Reproduction> results;
  for (size_t i = 0; i < judged.size(); ++i) {
    if (!judged[i]) judge(i, runs);
    results.push_back(std::move(*judged[i]));
  }
  return WriteResults(results, work.plan, folder, registry, console);
}

}  // namespace nabla
