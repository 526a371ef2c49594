#include "experiments/judged_metric.h"

#include <algorithm>
#include <utility>

#include "framework/base/error.h"
#include "framework/record/finite.h"
#include "framework/record/run_metrics.h"
#include "framework/spec/metric_results.h"

namespace nabla {

SweepOrder OrderOf(const Place& key, const std::string& metric, const std::vector<AnySpec>& specs,
                   const Registry& registry) {
  std::vector<std::string> names;
  for (const AnySpec& any : specs) {
    const std::vector<MetricResult> known = std::visit(
        [&]<typename T>(const ExperimentSpec<T>& spec) {
          return OfAllRows(PossibleResults(spec.metrics, *registry.Maker<T>()));
        },
        any);
    if (const MetricResult* found = FindResult(known, metric)) {
      return {metric, found->smaller_is_better};
    }
    for (const MetricResult& result : known) {
      if (std::ranges::count(names, result.name) == 0) names.push_back(result.name);
    }
  }
  if (metric.empty()) return {};
  throw InputError(std::vector<Problem>{{key, UnknownMetric(metric, names, registry)}});
}

SweepOrder UsualOrder(const std::function<bool(const std::string& metric)>& have) {
  for (const auto& [metric, smaller] : {std::pair("validation_accuracy", false),
                                        {"validation_loss", true},
                                        {"test_accuracy", false},
                                        {"test_loss", true}}) {
    if (have(metric)) return {metric, smaller};
  }
  return {"train_loss", true};
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
