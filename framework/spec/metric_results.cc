#include "framework/spec/metric_results.h"

#include <algorithm>

#include "framework/base/error.h"
#include "framework/base/nearest.h"

namespace nabla {

template <typename T>
std::vector<MetricResult> ResultsOf(const std::vector<Plug<Metric<T>>>& metrics) {
  std::vector<MetricResult> results = {{"loss", true}, {"accuracy", false}};
  const EvaluatedRows no_rows{.classes = 2};  // how many classes there are changes no name
  for (const auto& metric : metrics) {
    if (!metric) continue;  // a mistake in it has been reported
    for (const auto& [name, value] : metric->Start(no_rows)->Results()) {
      if (FindResult(results, name) == nullptr) {
        results.push_back({name, metric->SmallerIsBetter()});
      }
    }
  }
  return results;
}

template <typename T>
std::vector<MetricResult> PossibleResults(const std::optional<std::vector<Plug<Metric<T>>>>& listed,
                                          const PluginMaker& maker) {
  if (listed) return ResultsOf<T>(*listed);
  Node names = Node::List();
  for (const char* name : kRegressionMetrics) names.items.push_back(Node::Scalar(name));
  for (const char* name : kLabelMetrics) names.items.push_back(Node::Scalar(name));
  std::vector<Plug<Metric<T>>> metrics;
  Problems none;  // a registry of a test may lack them
  FieldType<std::vector<Plug<Metric<T>>>>::Parse(names, {}, {none, &maker}, &metrics);
  return ResultsOf<T>(metrics);
}

std::vector<MetricResult> OfAllRows(const std::vector<MetricResult>& results) {
  std::vector<MetricResult> all;
  for (const char* rows : {"train_", "validation_", "test_"}) {
    for (const auto& [name, smaller] : results) all.push_back({rows + name, smaller});
  }
  return all;
}

const MetricResult* FindResult(const std::vector<MetricResult>& results, const std::string& name) {
  const auto found = std::ranges::find(results, name, &MetricResult::name);
  return found == results.end() ? nullptr : &*found;
}

namespace {

// The metric that gives a result with its defaults; "" if none does.
std::string MetricGiving(const std::string& result, const Registry& registry) {
  const auto maker = registry.Maker<double>();
  for (const std::string& name : registry.Names(Metric<double>::kKind)) {
    Problems none;  // of one that has no defaults
    std::vector<Plug<Metric<double>>> metrics(1);
    const Node config = Node::Scalar(name);
    FieldType<Plug<Metric<double>>>::Parse(config, {}, {none, maker.get()}, &metrics[0]);
    const std::vector<MetricResult> results = ResultsOf<double>(metrics);
    const bool own = result != "loss" && result != "accuracy";
    if (own && none.empty() && FindResult(results, result) != nullptr) return name;
  }
  return "";
}

}  // namespace

std::string UnknownMetric(const std::string& name, const std::vector<std::string>& known,
                          const Registry& registry) {
  const std::string text = "unknown metric \"" + name + "\"";
  for (const std::string rows : {"train_", "validation_", "test_"}) {
    if (!name.starts_with(rows)) continue;
    const std::string metric = MetricGiving(name.substr(rows.size()), registry);
    if (!metric.empty()) return text + ": it is a result of " + metric + "; add that to `metrics`";
  }
  return text + Suggest(name, known);
}

template std::vector<MetricResult> ResultsOf(const std::vector<Plug<Metric<float>>>&);
template std::vector<MetricResult> ResultsOf(const std::vector<Plug<Metric<double>>>&);
template std::vector<MetricResult> PossibleResults(
    const std::optional<std::vector<Plug<Metric<float>>>>&, const PluginMaker&);
template std::vector<MetricResult> PossibleResults(
    const std::optional<std::vector<Plug<Metric<double>>>>&, const PluginMaker&);

}  // namespace nabla
