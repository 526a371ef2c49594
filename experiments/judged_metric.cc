#include "experiments/judged_metric.h"

#include <algorithm>
#include <variant>

#include "framework/base/error.h"
#include "framework/record/finite.h"
#include "framework/record/run_metrics.h"
#include "framework/spec/metric_results.h"

namespace nabla {

SweepOrder OrderOf(const Place& key, const std::string& metric, const std::vector<AnySpec>& specs,
                   const Registry& registry) {
  SweepOrder order{.metric = metric};
  for (const AnySpec& any : specs) {
    const std::vector<MetricResult> known = std::visit(
        [&]<typename T>(const ExperimentSpec<T>& spec) {
          return OfAllRows(PossibleResults(spec.metrics, *registry.Maker<T>()));
        },
        any);
    for (const auto& [name, smaller] : known) {
      if (std::ranges::count(order.known, name, &RankableMetric::name) > 0) continue;
      order.known.push_back({name, smaller});
    }
    order.units.Add(ResolvedConfig(any));
  }
  if (metric.empty()) return order;
  const auto found = std::ranges::find(order.known, metric, &RankableMetric::name);
  if (found != order.known.end()) {
    order.smaller_is_better = found->smaller_is_better;
    return order;
  }
  std::vector<std::string> names;
  for (const RankableMetric& known : order.known) names.push_back(known.name);
  throw InputError(std::vector<Problem>{{key, UnknownMetric(metric, names, registry)}});
}

SweepOrder UsualOrder(const SweepOrder& wanted,
                      const std::function<bool(const std::string& metric)>& have) {
  SweepOrder order = wanted;
  RankingMetric chosen;
  if (!wanted.metric.empty()) {
    chosen = AskedRankingMetric({wanted.metric, wanted.smaller_is_better}, wanted.units);
  } else {
    std::vector<RankableMetric> common = wanted.known;
    if (common.empty()) {
      for (const auto& [name, smaller] : OfAllRows({{"loss", true}, {"accuracy", false}})) {
        common.push_back({name, smaller});
      }
    }
    std::erase_if(common, [&](const RankableMetric& metric) { return !have(metric.name); });
    chosen = ChooseRankingMetric(common, wanted.units);
  }
  order.metric = chosen.name;
  order.smaller_is_better = chosen.smaller_is_better;
  order.against = chosen.against;
  order.note = chosen.note;
  return order;
}

void CheckIsOneMetric(const Place& key, const SweepOrder& order) {
  const std::vector<std::string> against = order.units.Against(order.metric);
  if (order.metric.empty() || against.empty()) return;
  throw InputError(std::vector<Problem>{
      {key, NotOneMetric(against, order.metric) +
                ": name one in fixed units, such as test_accuracy, or of numbers test_rmse"}});
}

std::optional<double> MetricOfSeed(std::span<const RunResult> runs, const std::string& metric) {
  std::vector<double> values;
  bool diverged = false;
  for (const RunResult& run : runs) {
    if (!run.Ended()) return std::nullopt;
    std::optional<double> value;
    if (run.metrics) value = MetricOf(run.metrics->epochs.back(), metric);
    const bool failed = !run.failure.empty();
    diverged = diverged || failed;
    if (failed) continue;
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  if (diverged) return kNaN;
  values = KnownOf(metric, std::move(values));
  double sum = 0;
  for (const double value : values) sum += value;
  return Shown(sum / static_cast<double>(values.size()));
}

}  // namespace nabla
