// Follows a metric from epoch to epoch.
#ifndef NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_
#define NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/engine/trainer.h"
#include "framework/spec/spec.h"

namespace nabla {

struct MonitoredMetric {
  std::string name;  // "test_loss", "train_accuracy", "test_r2"
  bool smaller_is_better = true;
};

// One of the results of an experiment's metrics, which are listed.
template <typename T>
MonitoredMetric Monitored(const std::string& name, const ExperimentSpec<T>& spec);

// Whether the last epoch was evaluated, its metric is finite, and it is better than all before it.
bool LastIsBest(const MonitoredMetric& metric, const std::vector<EpochMetrics>& history);

// Whether rule.patience evaluated epochs have passed since `metric`, which the rule names, last
// improved on its best value by min_change or more. A metric that is not finite is never an
// improvement.
bool HasStalled(const EarlyStopSection& rule, const MonitoredMetric& metric,
                const std::vector<EpochMetrics>& history);
// Of one that has: "test_loss has not improved for 5 epochs, since epoch 6".
std::string StallText(const EarlyStopSection& rule, const MonitoredMetric& metric,
                      const std::vector<EpochMetrics>& history);

// How many times the rule reduces the rate in these epochs; those that were not evaluated do not
// count. A metric that is not finite is never an improvement.
int64_t CountReductions(const PlateauSection& rule, const MonitoredMetric& metric,
                        const std::vector<EpochMetrics>& history);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_
