#include "framework/experiment/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "framework/base/error.h"
#include "framework/data/disk.h"
#include "framework/experiment/console.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/reproduction.h"
#include "framework/experiment/run_folder.h"
#include "framework/experiment/side_by_side.h"
#include "framework/experiment/signals.h"

namespace nabla {
namespace {

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
  std::vector<ExperimentSpec<T>> specs(count, spec);
  for (size_t i = 0; i < count; ++i) specs[i].seed += static_cast<int64_t>(i);
  const std::vector<const DataSplits*> same_data(count, &data);
  for (SideRun& run : RunSideBySide<T>(specs, same_data, registry, threads, spec.name, console)) {
    if (run.figures) result.runs.push_back({run.seed, std::move(*run.figures)});
    if (!run.failure.empty()) {
      result.failures.push_back(fmt::format("seed {}: {}", run.seed, run.failure));
    }
  }
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
