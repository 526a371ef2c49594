#include "experiments/notebook_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "framework/base/error.h"
#include "framework/base/signals.h"
#include "framework/engine/ranks.h"
#include "framework/verdict/sequential.h"

namespace nabla {
namespace {

// How the verdict is reached changes no run: such a change must not make finished ones useless.
AnySpec RunSpec(const NotebookExperiment& notebook, int64_t seed) {
  AnySpec spec = notebook.spec;
  HeadOf(spec).seed = seed;
  HeadOf(spec).reproduce = {};
  return spec;
}

std::string FolderOf(const NotebookExperiment& notebook, int64_t seed) {
  return fmt::format("{}/seed-{}", notebook.head().name, seed);
}

QueuedRun Queued(const NotebookExperiment& notebook, const std::string& folder, int64_t seed) {
  return {.spec = RunSpec(notebook, seed),
          .data = notebook.data,
          .folder = folder,
          .tree = notebook.tree};
}

// The time of evaluation for one second of training: a row costs a third, since there are no
// gradients.
double EvaluationShare(const NotebookExperiment& notebook) {
  const ExperimentHead& head = notebook.head();
  const auto split = head.evaluate.split;
  const double test = split == EvaluateSplit::kTest || split == EvaluateSplit::kBoth;
  const double train = split == EvaluateSplit::kTrain || split == EvaluateSplit::kBoth;
  const auto all = static_cast<double>(notebook.data->train.count);
  const double trained = head.train.rows_per_epoch > 0
                             ? static_cast<double>(head.train.rows_per_epoch)
                             : std::max(1.0, all);
  const double evaluated = test * static_cast<double>(notebook.data->test.count) + train * all;
  return evaluated / trained / 3 / static_cast<double>(head.evaluate.every);
}

void JudgeRuns(NotebookExperiment* notebook) {
  const ExperimentHead& head = notebook->head();
  Reproduction result{.spec = head};
  for (const RunResult& run : notebook->runs) {
    result.seconds += run.seconds;
    if (!run.Ended()) {
      ++result.missing;
      continue;
    }
    result.runs.by_seed.push_back({run.seed, run.metrics.value_or(RunMetrics())});
    if (!run.failure.empty()) {
      result.failures.push_back(fmt::format("seed {}: {}", run.seed, run.failure));
    }
  }
  for (const RunResult& run : notebook->nudged) {
    result.seconds += run.seconds;
    if (!run.Ended()) continue;
    result.runs.nudged.push_back(run.metrics.value_or(RunMetrics()));
  }
  result.lists = Judge(head.reference, head.seed, result.runs);
  notebook->result = std::move(result);
}

// Of the lists that more runs tell more about.
std::vector<ConformalP> LooksOf(const NotebookExperiment& notebook) {
  std::vector<ConformalP> looks;
  for (const JudgedList& list : notebook.result.lists) {
    if (!list.exact) looks.push_back(list.p);
  }
  return looks;
}

// Whether some digits agree, and others may differ because of rounding.
bool NeedsNudgedRuns(const NotebookExperiment& notebook) {
  return std::any_of(
      notebook.result.lists.begin(), notebook.result.lists.end(), [](const JudgedList& list) {
        return list.exact && list.finding == Finding::kNotJudged && list.exactly.begins_alike;
      });
}

// Those of the first rank: another may have other cores.
std::vector<RunLimits> Agreed(std::vector<RunLimits> limits, const RunOptions& options) {
  if (options.ranks == nullptr) return limits;
  std::string text;
  for (const RunLimits& own : limits) text += fmt::format("{} {} ", own.first, own.last);
  std::istringstream first(options.ranks->FromFirst(text));
  for (RunLimits& own : limits) first >> own.first >> own.last;
  return limits;
}

std::string RunsText(const NotebookExperiment& notebook) {
  const size_t last = notebook.limits.last;
  return fmt::format("{}: {}{} run{} of {} epochs", notebook.head().name,
                     last > kPilotRuns ? "up to " : "", last, last == 1 ? "" : "s",
                     notebook.head().train.epochs);
}

}  // namespace

bool NotebookExperiment::all_exact() const {
  return std::all_of(head().reference.begin(), head().reference.end(),
                     [](const Reference& r) { return r.exact; });
}

double SecondsOf(const NotebookExperiment& notebook) {
  double sum = 0;
  double count = 0;
  for (const RunResult& run : notebook.runs) {
    if (!run.Ended()) continue;
    sum += run.seconds;
    ++count;
  }
  return count > 0 ? sum / count * (1 + EvaluationShare(notebook)) : 0;
}

std::vector<int64_t> SeedsFor(const ExperimentHead& spec, const Node& tree,
                              const RunOptions& options) {
  std::vector<int64_t> seeds =
      options.seeds.value_or(Seeds{.count = spec.reproduce.seeds}).From(spec.seed);
  const auto own = std::find(seeds.begin(), seeds.end(), spec.seed);
  const auto is_exact = [](const Reference& r) { return r.exact; };
  const auto exact = std::find_if(spec.reference.begin(), spec.reference.end(), is_exact);
  if (exact != spec.reference.end() && own == seeds.end()) {
    const auto at = static_cast<size_t>(exact - spec.reference.begin());
    throw InputError(std::vector<Problem>{
        {tree.Find("reference")->items[at].place,
         fmt::format("an exact list is judged by seed {}, which --seeds leaves out", spec.seed)}});
  }
  if (std::all_of(spec.reference.begin(), spec.reference.end(), is_exact)) return {spec.seed};
  // It must not wait for the others.
  if (own != seeds.end()) std::rotate(seeds.begin(), own, own + 1);
  return seeds;
}

void NotebookRuns::Plan(const NotebookExperiment& notebook, RunPlan* plan) const {
  for (const int64_t seed : notebook.seeds) {
    plan->Add(FolderOf(notebook, seed), ResolvedConfig(RunSpec(notebook, seed)));
  }
}

void NotebookRuns::Run(const Queue& queue, const Shard& shard,
                       const std::vector<Destination>& destinations) {
  if (queue.empty()) return;
  std::vector<RunResult> results =
      RunSideBySide(queue, registry_, options_.Workers(), shard, "reproduction", console_);
  auto next = results.begin();
  for (const auto& [to, count] : destinations) {
    const auto end = next + static_cast<std::ptrdiff_t>(count);
    to->insert(to->end(), std::make_move_iterator(next), std::make_move_iterator(end));
    next = end;
  }
}

void NotebookRuns::RunUpTo(const std::vector<size_t>& wanted, const std::string& folder,
                           std::vector<NotebookExperiment>* notebooks) {
  Queue queue;
  std::vector<Destination> destinations;
  for (size_t i = 0; i < notebooks->size(); ++i) {
    NotebookExperiment& notebook = (*notebooks)[i];
    const size_t there = notebook.runs.size();
    for (size_t run = there; run < wanted[i]; ++run) {
      const int64_t seed = notebook.seeds[run];
      queue.push_back(Queued(notebook, folder + "/" + FolderOf(notebook, seed), seed));
    }
    destinations.push_back({&notebook.runs, std::max(there, wanted[i]) - there});
  }
  Run(queue, options_.shard, destinations);
  for (NotebookExperiment& notebook : *notebooks) {
    if (!notebook.judged) JudgeRuns(&notebook);
  }
}

void NotebookRuns::RunNudged(const std::string& folder,
                             std::vector<NotebookExperiment>* notebooks) {
  Queue queue;
  std::vector<Destination> destinations;
  for (NotebookExperiment& notebook : *notebooks) {
    if (notebook.judged || !notebook.nudged.empty() || !NeedsNudgedRuns(notebook)) continue;
    for (uint64_t nudge = 1; nudge <= kNudgedRuns; ++nudge) {
      const std::string own = fmt::format("{}/rounding/{}/{}", folder, notebook.head().name, nudge);
      queue.push_back(Queued(notebook, own, notebook.head().seed));
      queue.back().nudge = nudge;
    }
    destinations.push_back({&notebook.nudged, kNudgedRuns});
  }
  // Few, and of whoever has the run itself.
  Run(queue, {}, destinations);
  for (NotebookExperiment& notebook : *notebooks) {
    if (!notebook.judged && !notebook.nudged.empty()) JudgeRuns(&notebook);
  }
}

// The time of a run is that of the first ones, and these are where they were in a second call: it
// gets the same limits.
void NotebookRuns::LimitRuns(const std::string& folder,
                             std::vector<NotebookExperiment>* notebooks) {
  // A part of the runs cannot say what others take, or whether all are enough.
  const bool part = options_.shard.count > 1;
  const bool one_each =
      std::all_of(notebooks->begin(), notebooks->end(),
                  [](const NotebookExperiment& notebook) { return notebook.all_exact(); });
  const bool fixed = part || one_each || (options_.seeds.has_value() && !options_.budget);
  std::vector<size_t> pilot;
  double seconds = 0;
  for (NotebookExperiment& notebook : *notebooks) {
    const size_t most = notebook.seeds.size();
    notebook.limits = {.last = most};
    pilot.push_back(fixed ? 0 : std::min(kPilotRuns, most));
    seconds += notebook.head().reproduce.budget;
  }
  seconds = options_.budget.value_or(seconds);
  if (!fixed) {
    const size_t workers =
        options_.Workers() * (options_.ranks != nullptr ? options_.ranks->count() : 1);
    console_.Line(fmt::format("budget: {:.6g} s on {} thread{} (--budget)", seconds, workers,
                              workers == 1 ? "" : "s"));
    RunUpTo(pilot, folder, notebooks);
    std::vector<RunWish> wishes;
    for (const NotebookExperiment& notebook : *notebooks) {
      wishes.push_back({.seconds = SecondsOf(notebook),
                        .budget = notebook.head().reproduce.budget,
                        .most = notebook.seeds.size(),
                        .telling = kFewestTellingRuns});
    }
    const auto limits =
        Agreed(ShareBudget(wishes, seconds * static_cast<double>(workers)), options_);
    for (size_t i = 0; i < limits.size(); ++i) (*notebooks)[i].limits = limits[i];
  }
  for (NotebookExperiment& notebook : *notebooks) {
    if (part) notebook.limits.first = notebook.limits.last;
    console_.Line(RunsText(notebook));
  }
}

void NotebookRuns::MakeAll(const std::string& folder, std::vector<NotebookExperiment>* notebooks,
                           const std::function<void(const NotebookExperiment&)>& judged) {
  LimitRuns(folder, notebooks);
  bool first = true;
  bool open = true;
  while (open && CaughtSignal() == 0) {
    std::vector<size_t> wanted;
    for (const NotebookExperiment& notebook : *notebooks) {
      const auto looks = first ? std::vector<ConformalP>() : LooksOf(notebook);
      wanted.push_back(notebook.judged ? notebook.runs.size()
                                       : RunsWanted(looks, notebook.runs.size(), notebook.limits));
    }
    first = false;
    RunUpTo(wanted, folder, notebooks);
    RunNudged(folder, notebooks);
    open = false;
    for (NotebookExperiment& notebook : *notebooks) {
      if (notebook.judged) continue;
      const size_t runs = notebook.runs.size();
      notebook.judged = RunsWanted(LooksOf(notebook), runs, notebook.limits) == runs;
      open = open || !notebook.judged;
      if (notebook.judged) judged(notebook);
    }
  }
  for (NotebookExperiment& notebook : *notebooks) {
    if (notebook.judged) continue;
    JudgeRuns(&notebook);
    notebook.result.missing = notebook.limits.last - notebook.result.runs.by_seed.size();
    if (NeedsNudgedRuns(notebook)) {
      notebook.result.missing += kNudgedRuns - notebook.result.runs.nudged.size();
    }
    judged(notebook);
  }
}

}  // namespace nabla
