#include "framework/record/monitored_metric.h"

#include <optional>

#include "framework/record/finite.h"

namespace nabla {
namespace {

// The metric, negated if larger is better; nothing if the epoch was not evaluated.
std::optional<double> CostOf(MonitoredMetric metric, const EpochMetrics& epoch) {
  if (metric == MonitoredMetric::kTrainLoss) return epoch.train_loss;
  if (metric == MonitoredMetric::kTestLoss) return epoch.test_loss;
  if (!epoch.test_accuracy) return std::nullopt;
  return -*epoch.test_accuracy;
}

}  // namespace

bool LastIsBest(MonitoredMetric metric, const std::vector<EpochMetrics>& history) {
  const auto last = CostOf(metric, history.back());
  if (!last) return false;
  for (size_t i = 0; i + 1 < history.size(); ++i) {
    const auto before = CostOf(metric, history[i]);
    if (before && !IsBetter(*last, *before)) return false;
  }
  return std::isfinite(*last);
}

bool HasStalled(const EarlyStopSection& rule, const std::vector<EpochMetrics>& history) {
  double best = kNaN;
  int64_t since = 0;
  for (const EpochMetrics& epoch : history) {
    const auto cost = CostOf(rule.metric, epoch);
    if (!cost) continue;
    const bool better =
        IsBetter(*cost, best) && (!std::isfinite(best) || best - *cost >= rule.min_change);
    since = better ? 0 : since + 1;
    if (better) best = *cost;
  }
  return since >= rule.patience;
}

}  // namespace nabla
