// The results of a sweep as a table, JSON and CSV.
#ifndef NABLA_EXPERIMENTS_SWEEP_TABLE_H_
#define NABLA_EXPERIMENTS_SWEEP_TABLE_H_

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "experiments/judged_metric.h"
#include "framework/training/side_by_side.h"

namespace nabla {

// The runs of one setting: one per seed, or one per fold of each seed.
struct SweepResult {
  std::string label;
  std::vector<RunResult> runs;
  size_t folds = 0;      // of a seed, which follow each other; 0: none
  size_t rung = 0;       // of a halving, the last one that it was in, from 1; 0: there is none
  double paused_at = 0;  // the epoch at which that rung ended; 0: with train.epochs
};

// The order, with the metric that the results have if it names none.
SweepOrder Found(const SweepOrder& order, const std::vector<SweepResult>& results);

// Sort key, best setting first: of the mean where its runs ended or paused; infinite if one of them
// failed, paused with a loss that is not finite, or has a metric that is not finite.
double CostOf(const SweepResult& result, const SweepOrder& order);

// A metric of a run where it ended or paused, if it has it.
std::optional<double> LastOf(const RunResult& run, const std::string& metric);

// One line per setting, best first: mean and standard deviation over its seeds and folds of the
// metrics after the last epoch, and its loss curve, all on one scale. A mark shows the settings
// that may be as good as the first one (MayBeBest). Settings that a halving left behind follow by
// themselves, with the epoch that they got to. Ends with the failures and the number of missing
// runs, if any. FitTable makes it fit `width`.
std::string SweepTable(const std::vector<SweepResult>& results, const SweepOrder& order = {},
                       size_t width = std::numeric_limits<size_t>::max());

// The metrics of every run and epoch, and the rung of every setting; those of a pause within an
// epoch are an epoch of their own, with a fraction.
std::string SweepJson(const std::string& name, const std::vector<SweepResult>& results);
std::string SweepCsv(const std::vector<SweepResult>& results);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_TABLE_H_
