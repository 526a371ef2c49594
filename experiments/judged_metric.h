// The metric that settings are judged by.
#ifndef NABLA_EXPERIMENTS_JUDGED_METRIC_H_
#define NABLA_EXPERIMENTS_JUDGED_METRIC_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/plugin/registry.h"
#include "framework/search/ranking_metric.h"
#include "framework/spec/spec.h"
#include "framework/training/side_by_side.h"

namespace nabla {

// By which metric settings are ordered; by default that of ChooseRankingMetric.
struct SweepOrder {
  std::string metric = "";  // "test_r2"; "": the default
  bool smaller_is_better = false;
  // What that default is chosen from, and the keys that decide whether it is one metric.
  std::vector<RankableMetric> known = {};
  UnitKeys units = {};
  // As in RankingMetric.
  std::vector<std::string> against = {};
  std::string note = "";
};

// What --sort or another key names must be among the metrics of the settings; "" is the default.
// Throws InputError placed at the key.
SweepOrder OrderOf(const Place& key, const std::string& metric, const std::vector<AnySpec>& specs,
                   const Registry& registry);

// The default of `wanted`, of the metrics that all runs have; or the metric that it names.
SweepOrder UsualOrder(const SweepOrder& wanted,
                      const std::function<bool(const std::string& metric)>& have);

// Throws InputError placed at the key if what the order names is not one metric.
void CheckIsOneMetric(const Place& key, const SweepOrder& order);

// The metric of a seed after its last epoch: that of its run, or the mean over its folds, without
// those on whose rows it is undefined. NaN if a run diverged; nothing if one is missing or lacks
// the metric.
std::optional<double> MetricOfSeed(std::span<const RunResult> runs, const std::string& metric);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_JUDGED_METRIC_H_
