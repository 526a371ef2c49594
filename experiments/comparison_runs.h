// The runs of a comparison: which there are, and how more are made.
#ifndef NABLA_EXPERIMENTS_COMPARISON_RUNS_H_
#define NABLA_EXPERIMENTS_COMPARISON_RUNS_H_

#include <functional>
#include <string>
#include <vector>

#include "experiments/compared_settings.h"
#include "framework/data/files.h"
#include "framework/plugin/registry.h"
#include "framework/record/run_plan.h"
#include "framework/search/ranking_metric.h"
#include "framework/terminal/console.h"
#include "framework/training/run_options.h"
#include "framework/training/side_by_side.h"
#include "framework/verdict/comparison.h"

namespace nabla {

class ComparisonRuns {
 public:
  // All of these outlive it. Nothing is loaded or written yet.
  ComparisonRuns(const std::vector<ComparedSetting>& settings, std::vector<int64_t> seeds,
                 const RunOptions& options, const Registry& registry, Console& console);

  // Makes the runs of the first `count` seeds that are missing, of each setting that is wanted.
  // The first call that makes any loads the data, chooses the folder, and verifies that the runs
  // that were finished before are of these rows. Returns early after a signal. Throws what sweeps
  // throw, and DataUnavailable.
  void RunUpTo(size_t count, const std::function<bool(size_t setting)>& wanted);

  const std::vector<int64_t>& seeds() const { return seeds_; }
  // Where new runs are; "" before there are any.
  const std::string& folder() const { return folder_; }
  // Whether no other process has added runs to that folder since.
  bool PlanStands() const { return plan_.StillStands(folder_); }

  // Whether every setting with a run that did not diverge has the metric, and there is such a run.
  bool Have(const std::string& metric) const;
  // What decides whether a metric of the settings is one metric. A loss that is left open is known
  // once runs were made.
  UnitKeys Units() const;
  ComparedValues Values(const std::string& metric) const;
  // All runs of a setting.
  std::vector<RunResult> RunsOf(size_t setting) const;
  // The runs of a seed, by fold.
  const std::vector<RunResult>& RunsOf(size_t setting, size_t seed) const {
    return runs_[setting][seed];
  }
  // What training a seed of all settings takes one thread, by the runs so far.
  double SecondsOfSeed() const;

 private:
  struct RunAt {
    size_t setting;
    size_t seed;  // its place
    int64_t fold;
  };

  const KnownRun* Known(const RunAt& run) const;  // null if it was not finished before
  std::string NewFolder(const RunAt& run) const;  // below folder_
  QueuedRun Queued(const RunAt& run);
  // Loads the data and chooses the folder. Returns the known runs, which are read again with their
  // data: those of other rows are refused.
  std::vector<RunAt> Load();
  void Make(const std::vector<RunAt>& queue);

  const std::vector<ComparedSetting>& settings_;
  const std::vector<int64_t> seeds_;
  const RunOptions& options_;
  const Registry& registry_;
  Console& console_;
  Files files_;
  DataCache cache_;
  std::string folder_;
  std::vector<std::string> setting_folders_;
  RunPlan plan_;
  std::vector<Node> configs_;                              // of the settings, with every default
  std::vector<std::vector<std::vector<RunResult>>> runs_;  // by setting, seed and fold
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_COMPARISON_RUNS_H_
