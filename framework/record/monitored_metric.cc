#include "framework/record/monitored_metric.h"

#include <fmt/format.h>

#include <optional>

#include "framework/record/finite.h"
#include "framework/record/run_metrics.h"
#include "framework/spec/metric_results.h"

namespace nabla {
namespace {

// PyTorch's: of a metric where larger is better, a relative threshold is a fraction above the best.
bool Beats(const PlateauSection& rule, double value, double best, bool smaller_is_better) {
  if (!std::isfinite(value)) return false;
  if (!std::isfinite(best)) return true;
  const double sign = smaller_is_better ? -1 : 1;
  const bool relative = rule.threshold_mode == ThresholdMode::kRelative;
  const double bound = relative ? best * (1 + sign * rule.threshold) : best + sign * rule.threshold;
  return smaller_is_better ? value < bound : value > bound;
}

// The metric, negated if larger is better; nothing if the epoch was not evaluated.
std::optional<double> CostOf(const MonitoredMetric& metric, const EpochMetrics& epoch) {
  const std::optional<double> value = MetricOf(epoch, metric.name);
  if (!value || metric.smaller_is_better) return value;
  return -*value;
}

}  // namespace

template <typename T>
MonitoredMetric Monitored(const std::string& name, const ExperimentSpec<T>& spec) {
  const std::vector<MetricResult> known = OfAllRows(ResultsOf(spec.metrics.value()));
  const MetricResult* found = FindResult(known, name);
  return {name, found == nullptr || found->smaller_is_better};
}

template MonitoredMetric Monitored(const std::string&, const ExperimentSpec<float>&);
template MonitoredMetric Monitored(const std::string&, const ExperimentSpec<double>&);

bool LastIsBest(const MonitoredMetric& metric, const std::vector<EpochMetrics>& history) {
  const auto last = CostOf(metric, history.back());
  if (!last) return false;
  for (size_t i = 0; i + 1 < history.size(); ++i) {
    const auto before = CostOf(metric, history[i]);
    if (before && !IsBetter(*last, *before)) return false;
  }
  return std::isfinite(*last);
}

int64_t CountReductions(const PlateauSection& rule, const MonitoredMetric& metric,
                        const std::vector<EpochMetrics>& history) {
  double best = kNaN;
  int64_t bad = 0;
  int64_t cooldown = 0;
  int64_t reductions = 0;
  for (const EpochMetrics& epoch : history) {
    const std::optional<double> value = MetricOf(epoch, metric.name);
    if (!value) continue;
    const bool better = Beats(rule, *value, best, metric.smaller_is_better);
    if (better) best = *value;
    bad = better ? 0 : bad + 1;
    if (cooldown > 0) {
      --cooldown;
      bad = 0;
    }
    if (bad <= rule.patience) continue;
    ++reductions;
    bad = 0;
    cooldown = rule.cooldown;
  }
  return reductions;
}

namespace {

// The last improvement.
struct Improvement {
  int64_t epoch = 0;  // 0: none
  int64_t since = 0;  // evaluated epochs after it
};

Improvement LastImprovement(const EarlyStopSection& rule, const MonitoredMetric& metric,
                            const std::vector<EpochMetrics>& history) {
  double best = kNaN;
  Improvement last;
  for (const EpochMetrics& epoch : history) {
    const auto cost = CostOf(metric, epoch);
    if (!cost) continue;
    const bool better =
        IsBetter(*cost, best) && (!std::isfinite(best) || best - *cost >= rule.min_change);
    ++last.since;
    if (!better) continue;
    best = *cost;
    last = {epoch.epoch, 0};
  }
  return last;
}

}  // namespace

bool HasStalled(const EarlyStopSection& rule, const MonitoredMetric& metric,
                const std::vector<EpochMetrics>& history) {
  return LastImprovement(rule, metric, history).since >= rule.patience;
}

std::string StallText(const EarlyStopSection& rule, const MonitoredMetric& metric,
                      const std::vector<EpochMetrics>& history) {
  const Improvement last = LastImprovement(rule, metric, history);
  const std::string by = rule.min_change > 0 ? fmt::format(" by {:g}", rule.min_change) : "";
  const std::string when =
      last.epoch > 0 ? fmt::format("since epoch {}", last.epoch) : "from the first on";
  return fmt::format("{} has not improved{} for {} epoch{}, {}", metric.name, by, last.since,
                     last.since == 1 ? "" : "s", when);
}

}  // namespace nabla
