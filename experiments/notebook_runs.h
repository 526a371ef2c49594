// The runs that notebooks are compared with: which there are, and how many are made.
#ifndef NABLA_EXPERIMENTS_NOTEBOOK_RUNS_H_
#define NABLA_EXPERIMENTS_NOTEBOOK_RUNS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/record/run_plan.h"
#include "framework/terminal/console.h"
#include "framework/training/run_options.h"
#include "framework/training/side_by_side.h"
#include "framework/verdict/budget.h"
#include "framework/verdict/reproduction.h"

namespace nabla {

// The experiment of one notebook.
struct NotebookExperiment {
  AnySpec spec;
  const Node* tree = nullptr;
  const PreparedData* data = nullptr;
  std::vector<int64_t> seeds;     // the most that there may be, in the order of the runs
  RunLimits limits;               // of the number of runs
  std::vector<RunResult> runs;    // of the first seeds
  std::vector<RunResult> nudged;  // exact.h
  Reproduction result;            // of these runs
  bool judged = false;            // no more runs are wanted

  const ExperimentHead& head() const { return HeadOf(spec); }
  // Whether the runs say all by their digits.
  bool all_exact() const;
};

// What one of its runs takes, in seconds of one thread; 0 where none has ended here.
double SecondsOf(const NotebookExperiment& notebook);

// The seeds that the command line or the file asks for. Throws InputError where an exact list needs
// one that is missing.
std::vector<int64_t> SeedsFor(const ExperimentHead& spec, const Node& tree,
                              const RunOptions& options);

// Makes the runs of all notebooks, in one queue, so that none waits for the last run of another.
class NotebookRuns {
 public:
  NotebookRuns(const Registry& registry, const RunOptions& options, Console& console)
      : registry_(registry), options_(options), console_(console) {}

  // Adds all runs that a notebook may get.
  void Plan(const NotebookExperiment& notebook, RunPlan* plan) const;

  // Makes as many as p asks for within the budget, and judges them; `judged` is called for each
  // notebook when its verdict stands. After a signal, those that are left are judged by what there
  // is.
  void MakeAll(const std::string& folder, std::vector<NotebookExperiment>* notebooks,
               const std::function<void(const NotebookExperiment&)>& judged);

 private:
  using Queue = std::vector<QueuedRun>;

  // Queues runs of a notebook, and says where their results go.
  struct Destination {
    std::vector<RunResult>* results;
    size_t count;
  };

  void LimitRuns(const std::string& folder, std::vector<NotebookExperiment>* notebooks);
  void RunUpTo(const std::vector<size_t>& wanted, const std::string& folder,
               std::vector<NotebookExperiment>* notebooks);
  void RunNudged(const std::string& folder, std::vector<NotebookExperiment>* notebooks);
  void Run(const Queue& queue, const Shard& shard, const std::vector<Destination>& destinations);

  const Registry& registry_;
  const RunOptions& options_;
  Console& console_;
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_NOTEBOOK_RUNS_H_
