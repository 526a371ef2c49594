// What the metrics of an experiment give, by name, and which direction is better.
#ifndef NABLA_FRAMEWORK_SPEC_METRIC_RESULTS_H_
#define NABLA_FRAMEWORK_SPEC_METRIC_RESULTS_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/fields.h"
#include "framework/model/metric.h"
#include "framework/plugin/registry.h"

namespace nabla {

struct MetricResult {
  std::string name;  // "loss", "accuracy", "r2"
  bool smaller_is_better = false;
};

// The metrics of targets that are numbers, and of several labels, where none are listed.
inline constexpr const char* kRegressionMetrics[] = {"mae", "rmse", "r2"};
inline constexpr const char* kLabelMetrics[] = {"multilabel"};

// The loss, the accuracy, and what each of the listed metrics gives.
template <typename T>
std::vector<MetricResult> ResultsOf(const std::vector<Plug<Metric<T>>>& metrics);

// The same before the rows are known: without a list, any of the metrics above.
template <typename T>
std::vector<MetricResult> PossibleResults(const std::optional<std::vector<Plug<Metric<T>>>>& listed,
                                          const PluginMaker& maker);

// The same of certain rows: "train_loss", "test_r2", ... All of one kind of rows, then of the next.
std::vector<MetricResult> OfAllRows(const std::vector<MetricResult>& results);

// The one of that name among `results`; null if there is none.
const MetricResult* FindResult(const std::vector<MetricResult>& results, const std::string& name);

// What to tell the user of a metric such as "test_r3" that is none of `known`: the metric that must
// be listed to get it, or the nearest known one.
std::string UnknownMetric(const std::string& name, const std::vector<std::string>& known,
                          const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_METRIC_RESULTS_H_
