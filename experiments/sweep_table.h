// The results of a sweep as a table.
#ifndef NABLA_EXPERIMENTS_SWEEP_TABLE_H_
#define NABLA_EXPERIMENTS_SWEEP_TABLE_H_

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "experiments/judged_metric.h"
#include "experiments/sweep_result.h"

namespace nabla {

// The order, with the metric that the results have if it names none, and what is to be said of it.
SweepOrder Found(const SweepOrder& order, const std::vector<SweepResult>& results);

// Sort key, best setting first: of the mean where its runs ended or paused; infinite if one of them
// failed, paused with a loss that is not finite, or has a metric that is not finite.
double CostOf(const SweepResult& result, const SweepOrder& order);

// A metric of a run where it ended or paused, if it has it.
std::optional<double> LastOf(const RunResult& run, const std::string& metric);

// One line per setting, best first: mean and standard deviation over its seeds and folds of the
// metrics after the last epoch, and its loss curve, all on one scale. A mark shows the settings
// that may be as good as the first one (MayBeBest). Settings that a halving left behind follow by
// themselves, with the epoch that they got to. Ends with the failures, a note if the
// settings are not ordered by one metric or by an unusual one, and the number of missing runs, if
// any. FitTable makes it fit `width`.
std::string SweepTable(const std::vector<SweepResult>& results, const SweepOrder& order = {},
                       size_t width = std::numeric_limits<size_t>::max());

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_TABLE_H_
