#include "framework/record/run_metrics.h"

#include <algorithm>
#include <array>

#include "framework/record/finite.h"

namespace nabla {
namespace {

constexpr const char* kConfusion = "confusion_matrix";

// That of epoch `end` or of the last one; empty if there is none.
std::vector<double> ConfusionMatrix(const RunMetrics& run, size_t end) {
  const size_t epoch = std::min(end, run.epochs.size());
  if (epoch == 0) return {};
  for (const NamedMatrix& matrix : run.epochs[epoch - 1].test_matrices) {
    if (matrix.name == kConfusion) return matrix.values;
  }
  return {};
}

// The metrics of some of the rows.
struct RowsMetrics {
  std::string_view rows;
  std::optional<double> loss;
  std::optional<double> accuracy;
  const std::vector<std::pair<std::string, double>>* others;
};

std::array<RowsMetrics, 3> AllRows(const EpochMetrics& e) {
  return {{{"train_", e.train_loss, e.train_accuracy, &e.train_metrics},
           {"validation_", e.validation_loss, e.validation_accuracy, &e.validation_metrics},
           {"test_", e.test_loss, e.test_accuracy, &e.test_metrics}}};
}

}  // namespace

std::vector<std::pair<std::string, double>> MetricsOf(const EpochMetrics& epoch) {
  std::vector<std::pair<std::string, double>> all;
  for (const RowsMetrics& of : AllRows(epoch)) {
    const std::string rows(of.rows);
    if (of.loss) all.emplace_back(rows + "loss", *of.loss);
    if (of.accuracy) all.emplace_back(rows + "accuracy", *of.accuracy);
    for (const auto& [name, value] : *of.others) {
      if (name != "accuracy") all.emplace_back(rows + name, value);
    }
  }
  return all;
}

std::optional<double> MetricOf(const NamedMetrics& metrics, std::string_view name) {
  const auto found = std::ranges::find(metrics, name, [](const auto& m) { return m.first; });
  return found == metrics.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> MetricOf(const EpochMetrics& epoch, std::string_view name) {
  for (const RowsMetrics& of : AllRows(epoch)) {
    if (!name.starts_with(of.rows)) continue;
    name.remove_prefix(of.rows.size());
    if (name == "loss") return of.loss;
    if (name == "accuracy") return of.accuracy;
    return MetricOf(*of.others, name);
  }
  return std::nullopt;
}

std::optional<double> MetricOf(const EpochMetrics& epoch, MetricName metric) {
  switch (metric) {
    case MetricName::kTrainLoss:
      return epoch.train_loss;
    case MetricName::kTrainAccuracy:
      return epoch.train_accuracy;
    case MetricName::kTestLoss:
      return epoch.test_loss;
    case MetricName::kTestAccuracy:
      return epoch.test_accuracy;
    case MetricName::kValidationLoss:
      return epoch.validation_loss;
    case MetricName::kValidationAccuracy:
      return epoch.validation_accuracy;
    case MetricName::kInitialLoss:
    case MetricName::kConfusionMatrix:
      break;
  }
  return std::nullopt;
}

std::vector<std::optional<double>> ValuesOf(const Reference& reference, const RunMetrics& run,
                                            size_t end) {
  std::vector<std::optional<double>> values(reference.printed.size());
  if (reference.metric == MetricName::kInitialLoss) {
    const auto found = run.initial_losses.find(reference.rows);
    if (found != run.initial_losses.end()) values[0] = FiniteOf(found->second);
  } else if (reference.metric == MetricName::kConfusionMatrix) {
    const std::vector<double> matrix = ConfusionMatrix(run, end);
    if (matrix.size() == values.size()) values.assign(matrix.begin(), matrix.end());
  } else {
    for (size_t i = 0; i < values.size(); ++i) {
      const auto epoch = static_cast<size_t>(reference.epochs.list[i]);
      if (epoch <= run.epochs.size())
        values[i] = FiniteOf(MetricOf(run.epochs[epoch - 1], reference.metric));
    }
  }
  return values;
}

}  // namespace nabla
