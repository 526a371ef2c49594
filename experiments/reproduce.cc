#include "experiments/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/config/located.h"
#include "framework/data/disk.h"
#include "framework/report/run_report.h"
#include "framework/terminal/console.h"
#include "framework/training/experiment.h"
#include "framework/training/side_by_side.h"
#include "framework/verdict/reproduction.h"

namespace nabla {
namespace {

std::vector<int64_t> SeedsFor(const ExperimentHead& spec, const RunOptions& options) {
  const bool all_exact = std::all_of(spec.reference.begin(), spec.reference.end(),
                                     [](const Reference& r) { return r.exact; });
  if (all_exact) return {spec.seed};
  return options.seeds.value_or(Seeds{.count = spec.reproduce.seeds}).From(spec.seed);
}

// The runs of all experiments in one queue, so that none waits for the last run of another.
struct Work {
  std::vector<AnySpec> specs;
  std::vector<QueuedRun> queue;      // grouped by experiment
  std::vector<size_t> begins = {0};  // first run of each experiment, then the total

  size_t ExperimentOf(size_t queued) const {
    const auto next = std::upper_bound(begins.begin(), begins.end(), queued);
    return static_cast<size_t>(next - begins.begin()) - 1;
  }
  std::span<const RunResult> RunsOf(size_t experiment, const std::vector<RunResult>& runs) const {
    return std::span(runs).subspan(begins[experiment], begins[experiment + 1] - begins[experiment]);
  }
};

void AddJobs(const AnySpec& spec, const Node& tree, const RunOptions& options,
             const PreparedData& data, const std::string& folder, Work* work) {
  const std::vector<int64_t> seeds = SeedsFor(HeadOf(spec), options);
  for (const int64_t seed : seeds) {
    QueuedRun& queued =
        work->queue.emplace_back(QueuedRun{.spec = spec, .data = &data, .tree = &tree});
    HeadOf(queued.spec).seed = seed;
    queued.folder = fmt::format("{}/{}/seed-{}", folder, HeadOf(spec).name, seed);
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
  return spec;
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
  });
  const std::string folder = options.SharedFolderFor("reproduction");
  for (size_t i = 0; i < work.specs.size(); ++i) {
    const ExperimentHead& spec = HeadOf(work.specs[i]);
    WithLocations(trees[i], [&] {
      AddJobs(work.specs[i], trees[i], options, cache.Get(spec), folder, &work);
    });
    const size_t count = work.queue.size() - work.begins[i];
    console.Line(fmt::format("{}: {} run{} of {} epochs", spec.name, count, count == 1 ? "" : "s",
                             spec.train.epochs));
  }
  for (const std::string& remark : cache.remarks()) console.Warn(remark);
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
  bool reports = false;
  for (size_t i = 0; i < judged.size(); ++i) {
    if (!judged[i]) judge(i, runs);
    results.push_back(std::move(*judged[i]));
    if (results.back().runs.empty()) continue;
    reports = true;
    const std::string own = folder + "/" + results.back().spec.name;
    WriteReport(CollectReport({own}, registry), own + "/report.html");
  }
  WriteText(folder + "/reproduction.json", ReproductionJson(results, CaughtSignal() != 0));
  console.Line("wrote " + folder + "/reproduction.json" +
               (reports ? ", and a report.html in the folder of each experiment with runs" : ""));
  return GoodUnlessStopped();
}

}  // namespace nabla
