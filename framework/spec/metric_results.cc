#include "framework/spec/metric_results.h"

#include <algorithm>

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

template std::vector<MetricResult> ResultsOf(const std::vector<Plug<Metric<float>>>&);
template std::vector<MetricResult> ResultsOf(const std::vector<Plug<Metric<double>>>&);
template std::vector<MetricResult> PossibleResults(
    const std::optional<std::vector<Plug<Metric<float>>>>&, const PluginMaker&);
template std::vector<MetricResult> PossibleResults(
    const std::optional<std::vector<Plug<Metric<double>>>>&, const PluginMaker&);

}  // namespace nabla
