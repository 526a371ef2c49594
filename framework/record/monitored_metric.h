// Following a metric from epoch to epoch.
#ifndef NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_
#define NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_

#include <vector>

#include "framework/engine/trainer.h"
#include "framework/spec/spec.h"

namespace nabla {

// Whether the last epoch was evaluated, to a finite number, and is better than every one before it.
bool LastIsBest(MonitoredMetric metric, const std::vector<EpochMetrics>& history);

// Whether so many evaluated epochs have passed since the metric last got better than the best
// before it by min_change or more. An epoch whose metric is not finite has not got better.
bool HasStalled(const EarlyStopSection& rule, const std::vector<EpochMetrics>& history);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_MONITORED_METRIC_H_
