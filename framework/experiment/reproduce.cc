#include "framework/experiment/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "framework/base/error.h"
#include "framework/config/placed.h"
#include "framework/data/disk.h"
#include "framework/experiment/console.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/reproduction.h"
#include "framework/experiment/run_report.h"
#include "framework/experiment/side_by_side.h"
#include "framework/experiment/signals.h"

namespace nabla {
namespace {

std::vector<int64_t> SeedsFor(const ExperimentHead& spec, const RunOptions& options) {
  const bool all_exact = std::all_of(spec.reference.begin(), spec.reference.end(),
                                     [](const Reference& r) { return r.exact; });
  if (all_exact) return {spec.seed};
  return options.seeds.value_or(Seeds{.count = spec.reproduce.seeds}).From(spec.seed);
}

std::vector<SideJob> JobsFor(const AnySpec& spec, const RunOptions& options,
                             const PreparedData& data, const std::string& folder) {
  std::vector<SideJob> jobs;
  for (const int64_t seed : SeedsFor(HeadOf(spec), options)) {
    SideJob& job = jobs.emplace_back(SideJob{spec, &data, ""});
    HeadOf(job.spec).seed = seed;
    job.folder = fmt::format("{}/{}/seed-{}", folder, HeadOf(spec).name, seed);
  }
  return jobs;
}

Reproduction ReproduceOne(const AnySpec& any, const RunOptions& options, const Registry& registry,
                          const std::string& folder, DataShelf& shelf, Console& console) {
  const ExperimentHead& spec = HeadOf(any);
  const auto start = std::chrono::steady_clock::now();
  Reproduction result{.spec = spec};
  const std::vector<SideJob> jobs = JobsFor(any, options, shelf.Get(spec), folder);
  const size_t count = jobs.size();
  console.Line(fmt::format("{}: {} run{} of {} epochs, {} at a time", spec.name, count,
                           count == 1 ? "" : "s", spec.train.epochs,
                           std::min(options.Workers(), count)));
  for (SideRun& run :
       RunSideBySide(jobs, registry, options.Workers(), options.shard, spec.name, console)) {
    if (run.figures) result.runs.push_back({run.seed, std::move(*run.figures)});
    if (!run.failure.empty()) {
      result.failures.push_back(fmt::format("seed {}: {}", run.seed, run.failure));
    }
  }
  result.lists = Judge(spec.reference, spec.reproduce, spec.seed, result.runs);
  result.missing = count - result.runs.size() - result.failures.size();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

AnySpec ParseReproduced(const Node& tree, const Registry& registry) {
  AnySpec spec = ParseAnyExperiment(tree, registry);
  if (HeadOf(spec).reference.empty()) {
    throw InputError(std::vector<Problem>{
        {tree.place,
         HeadOf(spec).name + " has no figures to reproduce: \"reference\" is missing"}});
  }
  return spec;
}

}  // namespace

int Reproduce(const std::vector<Node>& trees, const RunOptions& options, const Registry& registry) {
  Console console(options.quiet);
  Files files(console.WithDownloadsShown(options.files));
  console.Status("loading data");
  DataShelf shelf(files);
  std::vector<AnySpec> specs;
  Together(options.ranks, [&] {
    for (const Node& tree : trees) specs.push_back(ParseReproduced(tree, registry));
  });
  const std::string folder = options.SharedFolderFor("reproduction");
  std::vector<Reproduction> results;
  for (size_t i = 0; i < specs.size(); ++i) {
    if (CaughtSignal() != 0) break;
    results.push_back(WithPlaces(trees[i], [&] {
      return ReproduceOne(specs[i], options, registry, folder, shelf, console);
    }));
    console.Line(ReproductionText(results.back()));
    const std::string json = ReproductionJson(results, CaughtSignal() != 0);
    if (!results.back().runs.empty()) {
      const std::string runs = folder + "/" + results.back().spec.name;
      WriteReport(CollectReport({runs}, registry), runs + "/report.html");
    }
    WriteText(folder + "/reproduction.json", json);
  }
  console.Line("written: " + folder + "/reproduction.json, and a report.html in each folder");
  return GoodUnlessStopped();
}

}  // namespace nabla
