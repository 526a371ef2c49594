// The results of a sweep as a table, JSON and CSV.
#ifndef NABLA_EXPERIMENTS_SWEEP_TABLE_H_
#define NABLA_EXPERIMENTS_SWEEP_TABLE_H_

#include <string>
#include <vector>

#include "experiments/judged_metric.h"
#include "framework/training/side_by_side.h"

namespace nabla {

// The runs of one setting: one per seed, or one per fold of each seed.
struct SweepResult {
  std::string label;
  std::vector<RunResult> runs;
  size_t folds = 0;  // of a seed, which follow each other; 0: none
};

// One line per setting, best first: mean and standard deviation over its seeds and folds of the
// metrics after the last epoch, and its loss curve. A mark shows the settings that may be as good
// as the first one (MayBeBest). Ends with the number of missing runs, if any.
std::string SweepTable(const std::vector<SweepResult>& results, const SweepOrder& order = {});

// The metrics of every run and epoch.
std::string SweepJson(const std::string& name, const std::vector<SweepResult>& results);
std::string SweepCsv(const std::vector<SweepResult>& results);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_TABLE_H_
