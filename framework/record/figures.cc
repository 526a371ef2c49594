#include "framework/record/figures.h"

namespace nabla {
namespace {

constexpr const char* kConfusion = "confusion_matrix";

// Of the last epoch; empty if there is none.
std::vector<double> ConfusionMatrix(const RunFigures& run) {
  if (run.epochs.empty()) return {};
  for (const NamedMatrix& matrix : run.epochs.back().test_matrices) {
    if (matrix.name == kConfusion) return matrix.values;
  }
  return {};
}

}  // namespace

std::optional<double> FigureOf(const EpochFigures& epoch, FigureName figure) {
  switch (figure) {
    case FigureName::kTrainLoss:
      return epoch.train_loss;
    case FigureName::kTrainAccuracy:
      return epoch.train_accuracy;
    case FigureName::kTestLoss:
      return epoch.test_loss;
    case FigureName::kTestAccuracy:
      return epoch.test_accuracy;
    case FigureName::kInitialLoss:
    case FigureName::kConfusionMatrix:
      break;
  }
  return std::nullopt;
}

std::vector<std::optional<double>> ValuesOf(const Reference& reference, const RunFigures& run) {
  std::vector<std::optional<double>> values(reference.printed.size());
  if (reference.figure == FigureName::kInitialLoss) {
    const auto found = run.initial_losses.find(reference.rows);
    if (found != run.initial_losses.end()) values[0] = found->second;
  } else if (reference.figure == FigureName::kConfusionMatrix) {
    const std::vector<double> matrix = ConfusionMatrix(run);
    if (matrix.size() == values.size()) values.assign(matrix.begin(), matrix.end());
  } else {
    for (size_t i = 0; i < values.size(); ++i) {
      const auto epoch = static_cast<size_t>(reference.epochs.list[i]);
      if (epoch <= run.epochs.size()) values[i] = FigureOf(run.epochs[epoch - 1], reference.figure);
    }
  }
  return values;
}

}  // namespace nabla
