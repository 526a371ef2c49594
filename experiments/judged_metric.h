// The metric that settings are judged by.
#ifndef NABLA_EXPERIMENTS_JUDGED_METRIC_H_
#define NABLA_EXPERIMENTS_JUDGED_METRIC_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/plugin/registry.h"
#include "framework/spec/spec.h"
#include "framework/training/side_by_side.h"

namespace nabla {

// By which metric settings are ordered; by default the accuracy of the validation rows, or
// else their loss, or else those of the test rows, or else the loss of training.
struct SweepOrder {
  std::string metric = "";  // "test_r2"; "": the default
  bool smaller_is_better = false;
};

// What --sort or another key names must be among the metrics of the settings; "" is the default.
// Throws InputError placed at the key.
SweepOrder OrderOf(const Place& key, const std::string& metric, const std::vector<AnySpec>& specs,
                   const Registry& registry);

// The default, of the metrics that the runs have.
SweepOrder UsualOrder(const std::function<bool(const std::string& metric)>& have);

// The metric of a seed after its last epoch: that of its run, or the mean over its folds, without
// those on whose rows it is undefined. NaN if a run diverged; nothing if one is missing or lacks
// the metric.
std::optional<double> MetricOfSeed(std::span<const RunResult> runs, const std::string& metric);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_JUDGED_METRIC_H_
