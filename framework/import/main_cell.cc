#include "framework/import/main_cell.h"

#include <algorithm>
#include <map>
#include <set>

namespace nabla {

MainTraining MainTrainingOf(const PrintedMetrics& metrics) {
  std::map<int, size_t> cells;
  size_t most = 0;
  for (const PrintedSeries& s : metrics.series) {
    const bool metric = s.label.kind == MetricKind::kLoss || s.label.kind == MetricKind::kAccuracy;
    const bool named = metric || (s.label.kind == MetricKind::kUnknown && s.rank > 0);
    if (s.after || s.before || !named || s.steps.empty()) continue;
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
