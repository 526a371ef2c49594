// The results of a sweep as JSON and CSV.
#ifndef NABLA_EXPERIMENTS_SWEEP_RECORDS_H_
#define NABLA_EXPERIMENTS_SWEEP_RECORDS_H_

#include <string>
#include <vector>

#include "experiments/sweep_result.h"

namespace nabla {

// All metrics of the runs' epochs, each once.
std::vector<std::string> MetricNames(const std::vector<SweepResult>& results);

// The settings, the metrics of every run and epoch, and the rung of every setting; those of a pause
// within an epoch are an epoch of their own, with a fraction. A number, true or false of a setting
// is one in JSON.
std::string SweepJson(const std::string& name, const std::vector<SweepResult>& results);

// A line for every run and epoch, with a column for each key that was swept. A run that failed
// before its first epoch ended has a line without metrics, of epoch 0.
std::string SweepCsv(const std::vector<SweepResult>& results);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_RECORDS_H_
