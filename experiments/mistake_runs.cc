#include "experiments/mistake_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/engine/threads.h"
#include "framework/training/experiment.h"
#include "framework/verdict/mistakes.h"

namespace nabla {
namespace {

// Below this a notebook is cheap, in seconds of all threads together.
constexpr double kCheapSeconds = 30;

// Far from the seeds of our runs: the run of a mistake must not begin with the weights of one of
// them.
constexpr int64_t kFirstSeed = 1000003;
constexpr int64_t kSeeds = int64_t{1} << 32;

// A mistake that can be trained.
struct Mistaken {
  std::string name;
  std::string folder;
  AnySpec spec;
  const PreparedData* data;
};

struct Work {
  NotebookExperiment* notebook;
  std::vector<Mistaken> mistakes;
  size_t runs = 0;  // of each
};

// Nothing where the mistake makes no experiment: then it is not one that a notebook could contain.
std::optional<Mistaken> Build(const Mistake& mistake, const NotebookExperiment& notebook,
                              const Registry& registry, DataCache& cache) {
  try {
    Mistaken built{.name = mistake.name,
                   .folder = fmt::format("{}/{}", notebook.head().name, mistake.folder),
                   .spec = ParseAnyExperiment(mistake.tree, registry),
                   .data = nullptr};
    HeadOf(built.spec).reproduce = {};
    built.data = &cache.Get(HeadOf(built.spec));
    CheckBuilds(built.spec, registry, *built.data);
    return built;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

Work PlanMistakes(NotebookExperiment* notebook, const RunOptions& options, const Registry& registry,
                  DataCache& cache) {
  Work work{.notebook = notebook, .mistakes = {}};
  const std::optional<bool> wish =
      options.power.has_value() ? options.power : notebook->head().reproduce.power;
  if (notebook->all_exact() || !wish.value_or(true)) return work;
  for (const Mistake& mistake :
       MistakesIn(ResolvedConfig(notebook->spec), notebook->data->train.count)) {
    auto built = Build(mistake, *notebook, registry, cache);
    if (built) work.mistakes.push_back(*std::move(built));
  }
  const double seconds = SecondsOf(*notebook);
  const double of_all = seconds * static_cast<double>(work.mistakes.size());
  const double cheap = kCheapSeconds * static_cast<double>(options.Workers());
  // Asked for, they get as long as the runs, and never less than unasked.
  const double own = wish ? seconds * static_cast<double>(notebook->limits.last) : 0;
  const double budget = std::max(cheap, own);
  const double fit = of_all > 0 ? budget / of_all : kMostMistakenRuns;
  work.runs = static_cast<size_t>(std::min<double>(kMostMistakenRuns, fit));
  // Few of each say little, unless somebody wants to know.
  if (!wish && work.runs < kMostMistakenRuns) work.runs = 0;
  return work;
}

void AddRuns(const std::string& folder, const Work& work, std::vector<QueuedRun>* queue) {
  for (const Mistaken& mistake : work.mistakes) {
    for (size_t run = 0; run < work.runs; ++run) {
      QueuedRun& queued =
          queue->emplace_back(QueuedRun{.spec = mistake.spec, .data = mistake.data});
      int64_t& seed = HeadOf(queued.spec).seed;
      seed = (seed + kFirstSeed + static_cast<int64_t>(run)) % kSeeds;
      queued.folder = fmt::format("{}/mistakes/{}/seed-{}", folder, mistake.folder, seed);
    }
  }
}

// `runs` begins with those of this notebook, mistake by mistake. One that diverges prints no
// numbers.
void AddPower(const Work& work, std::vector<RunResult>::const_iterator runs, Threads& threads) {
  Reproduction& result = work.notebook->result;
  std::vector<std::vector<RunMetrics>> ended(work.mistakes.size());
  for (std::vector<RunMetrics>& of_mistake : ended) {
    for (size_t run = 0; run < work.runs; ++run, ++runs) {
      result.seconds += runs->seconds;
      if (runs->Ended()) of_mistake.push_back(runs->metrics.value_or(RunMetrics()));
    }
  }
  for (JudgedList& list : result.lists) {
    if (list.exact || list.finding == Finding::kNotJudged) continue;
    std::vector<MistakePower> power(work.mistakes.size());
    threads.Run(power.size(), [&](size_t i, size_t) {
      if (CaughtSignal() != 0) return;  // the verdicts are still to be written
      power[i] = PowerAgainst(work.mistakes[i].name, ended[i], list, result.spec.reference);
    });
    if (CaughtSignal() != 0) return;
    std::erase_if(power, [](const MistakePower& one) { return one.runs == 0; });
    list.power = std::move(power);
  }
}

}  // namespace

void MeasurePower(const std::string& folder, const RunOptions& options, const Registry& registry,
                  DataCache& cache, Console& console, std::vector<NotebookExperiment>* notebooks) {
  if (CaughtSignal() != 0 || options.shard.count > 1) return;
  std::vector<Work> all;
  std::vector<QueuedRun> queue;
  for (NotebookExperiment& notebook : *notebooks) {
    const size_t own = notebook.result.runs.by_seed.size();
    if (own < kFewestTellingRuns && !notebook.all_exact()) {
      if (options.power.value_or(false)) {
        console.Line(fmt::format("{}: its power was not measured: {} runs are needed, not {}",
                                 notebook.head().name, kFewestTellingRuns, own));
      }
      continue;
    }
    const Work& work = all.emplace_back(PlanMistakes(&notebook, options, registry, cache));
    if (work.mistakes.empty()) continue;
    AddRuns(folder, work, &queue);
    if (work.runs > 0 || options.power.value_or(false))
      console.Line(fmt::format("{}: {} runs of each of {} mistakes", notebook.head().name,
                               work.runs, work.mistakes.size()));
  }
  if (queue.empty()) return;
  const std::vector<RunResult> runs =
      RunSideBySide(queue, registry, options.Workers(), options.shard, "mistakes", console);
  auto next = runs.begin();
  Threads threads(options.Workers());
  for (const Work& work : all) {
    if (work.runs == 0) continue;
    AddPower(work, next, threads);
    next += static_cast<std::ptrdiff_t>(work.mistakes.size() * work.runs);
    const std::string text = PowerText(work.notebook->result);
    if (!text.empty()) console.Line(text);
  }
}

}  // namespace nabla
