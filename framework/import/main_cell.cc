#include "framework/import/main_cell.h"

#include <algorithm>
#include <map>
#include <set>

namespace nabla {

namespace {

bool IsNamed(const PrintedSeries& s) {
  const bool metric = s.label.kind == MetricKind::kLoss || s.label.kind == MetricKind::kAccuracy;
  return metric || (s.label.kind == MetricKind::kUnknown && s.rank > 0);
}

// Numbers beside a bare step: "10 0.53".
bool IsBare(const PrintedSeries& s) {
  constexpr size_t kMostNumbers = 3;
  return s.label.kind == MetricKind::kUnknown && s.words.empty() && !s.table &&
         s.line_numbers <= kMostNumbers && s.steps.size() > kMostNumbers;
}

}  // namespace

MainTraining MainTrainingOf(const PrintedMetrics& metrics) {
  std::map<int, size_t> cells;
  size_t most = 0;
  const bool none = std::none_of(metrics.series.begin(), metrics.series.end(), IsNamed);
  for (const PrintedSeries& s : metrics.series) {
    if (s.after || s.before || s.steps.empty() || !(none ? IsBare(s) : IsNamed(s))) continue;
    // Those of single batches count by their epochs.
    const size_t steps = std::set<int64_t>(s.steps.begin(), s.steps.end()).size();
    if (steps < 2) continue;
    cells[s.cell] = std::max(cells[s.cell], steps);
    most = std::max(most, steps);
  }
  MainTraining chosen;
  for (const auto& [cell, steps] : cells) {
    if (2 * steps >= most) chosen.cell = cell;
  }
  chosen.trainings = static_cast<int>(cells.size());
  return chosen;
}

}  // namespace nabla
