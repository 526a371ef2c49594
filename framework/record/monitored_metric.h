// Follows a metric from epoch to epoch.
#ifndef NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_
#define NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_

#include <vector>

#include "framework/engine/trainer.h"
#include "framework/spec/spec.h"

namespace nabla {

// Whether the last epoch was evaluated, its metric is finite, and it is better than all before it.
bool LastIsBest(MonitoredMetric metric, const std::vector<EpochMetrics>& history);

// Whether rule.patience evaluated epochs have passed since the metric last improved on its best
// value by min_change or more. A metric that is not finite is never an improvement.
bool HasStalled(const EarlyStopSection& rule, const std::vector<EpochMetrics>& history);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_
