#include "framework/record/monitored_metric.h"

#include <limits>
#include <optional>

namespace nabla {
namespace {

constexpr double kWorst = std::numeric_limits<double>::infinity();

// Smaller is better.
std::optional<double> Cost(MonitoredMetric metric, const EpochMetrics& epoch) {
  if (metric == MonitoredMetric::kTrainLoss) return epoch.train_loss;
  if (metric == MonitoredMetric::kTestLoss) return epoch.test_loss;
  if (!epoch.test_accuracy) return std::nullopt;
  return -*epoch.test_accuracy;
}

}  // namespace

bool LastIsBest(MonitoredMetric metric, const std::vector<EpochMetrics>& history) {
  const auto last = Cost(metric, history.back());
  if (!last) return false;
  for (size_t i = 0; i + 1 < history.size(); ++i) {
    if (!(*last < Cost(metric, history[i]).value_or(kWorst))) return false;
  }
  return true;
}

bool HasStalled(const EarlyStopSection& rule, const std::vector<EpochMetrics>& history) {
  double best = kWorst;
  int64_t since = 0;
  for (const EpochMetrics& epoch : history) {
    const auto cost = Cost(rule.metric, epoch);
    if (!cost) continue;
    const bool better = *cost < best && (best == kWorst || best - *cost >= rule.min_change);
    since = better ? 0 : since + 1;
    if (better) best = *cost;
  }
  return since >= rule.patience;
}

}  // namespace nabla
