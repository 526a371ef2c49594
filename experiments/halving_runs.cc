#include "experiments/halving_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "framework/base/error.h"

namespace nabla {
namespace {

// The runs of these settings, which pause after `epochs`; 0: train to the end.
std::vector<QueuedRun> RunsOf(const std::vector<size_t>& settings, size_t each, double epochs,
                              const std::vector<QueuedRun>& queue) {
  std::vector<QueuedRun> runs;
  for (const size_t s : settings) {
    for (size_t r = 0; r < each; ++r) {
      runs.push_back(queue[s * each + r]);
      runs.back().pause = epochs;
    }
  }
  return runs;
}

// An earlier sweep may have trained a run beyond this rung without a pause or an evaluation there.
// A run without its metric would count as one that diverged.
void CheckKnown(const std::vector<QueuedRun>& queue, const std::vector<RunResult>& runs,
                const std::string& metric) {
  for (size_t i = 0; i < runs.size(); ++i) {
    const auto& pause = runs[i].pause;
    if ((pause && LastOf(runs[i], metric)) || !runs[i].failure.empty()) continue;
    if (pause && pause->step > 0) {
      if (queue[i].folder.empty()) continue;
      throw InputError(
          std::vector<Problem>{{{queue[i].folder + "/pauses.json"},
                                fmt::format("no run wrote this: it has no {} after {:.4g} epochs",
                                            metric, queue[i].pause)}});
    }
    throw InputError(fmt::format(
        "nothing says what {} the run in {} had after {:.4g} epochs, which it is beyond; choose "
        "another --out",
        metric, queue[i].folder, queue[i].pause));
  }
}

bool AllEnded(const std::vector<RunResult>& runs) {
  return std::ranges::all_of(runs, [](const RunResult& run) { return run.Ended(); });
}

// "after epoch 0.5, 4 of 10 settings go on, by test_accuracy: a; b; c; d".
std::string GoOnText(double epochs, const std::string& metric, size_t before,
                     const std::vector<size_t>& left, const std::vector<SweepResult>& results) {
  std::vector<std::string> labels;
  for (const size_t s : left) labels.push_back(results[s].label);
  return fmt::format("after epoch {:.4g}, {} of {} settings go{} on, by {}: {}", epochs,
                     left.size(), before, left.size() == 1 ? "es" : "", metric,
                     left.empty() ? "all diverged" : fmt::format("{}", fmt::join(labels, "; ")));
}

// Writes into the results and the folders which of the settings do not go on.
void MarkAllLeft(const std::vector<size_t>& settings, const std::vector<size_t>& going_on,
                 double epochs, const std::vector<QueuedRun>& queue,
                 std::vector<SweepResult>* results) {
  for (const size_t s : settings) {
    const bool left = std::ranges::find(going_on, s) == going_on.end();
    std::vector<RunResult>& runs = (*results)[s].runs;
    for (size_t r = 0; r < runs.size(); ++r) {
      if (runs[r].pause) runs[r].pause->left = left;
      const std::string& folder = queue[s * runs.size() + r].folder;
      if (!folder.empty()) MarkLeft(folder, epochs, left);
    }
  }
}

}  // namespace

void RunRungs(const std::vector<Rung>& rungs, const SweepOrder& wanted,
              const std::vector<QueuedRun>& queue, const RunAll& run_all, Console& console,
              std::vector<SweepResult>* results) {
  const size_t each = queue.size() / results->size();
  std::vector<size_t> settings(results->size());
  std::iota(settings.begin(), settings.end(), size_t{0});
  SweepOrder order = wanted;
  for (size_t k = 0; k < rungs.size() && !settings.empty(); ++k) {
    const bool last = k + 1 == rungs.size();
    const std::vector<QueuedRun> part = RunsOf(settings, each, last ? 0 : rungs[k].epochs, queue);
    const std::vector<RunResult> runs = run_all(part);
    std::vector<SweepResult> ranked;
    for (size_t i = 0; i < settings.size(); ++i) {
      SweepResult& result = (*results)[settings[i]];
      result.rung = k + 1;
      result.paused_at = last ? 0 : rungs[k].epochs;
      const auto begin = runs.begin() + static_cast<ptrdiff_t>(i * each);
      result.runs.assign(begin, begin + static_cast<ptrdiff_t>(each));
      ranked.push_back(result);
    }
    if (last || !AllEnded(runs)) return;
    order = Found(order, ranked);
    CheckKnown(part, runs, order.metric);
    std::vector<double> costs;
    for (const SweepResult& result : ranked) costs.push_back(CostOf(result, order));
    std::vector<size_t> left;
    for (const size_t i : Lowest(costs, rungs[k + 1].settings)) left.push_back(settings[i]);
    MarkAllLeft(settings, left, rungs[k].epochs, queue, results);
    console.Line(GoOnText(rungs[k].epochs, order.metric, settings.size(), left, *results));
    settings = std::move(left);
  }
}

}  // namespace nabla
