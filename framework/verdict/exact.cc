#include "framework/verdict/exact.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace nabla {
namespace {

// The largest drift of the figure's series up to its epoch: rounding does not undo itself.
double DriftUpTo(std::span<const ExactFigure> figures, const ExactFigure& at) {
  double drift = 0;
  for (const ExactFigure& f : figures) {
    if (f.series == at.series && f.epoch <= at.epoch) drift = std::max(drift, f.drift);
  }
  return drift;
}

}  // namespace

ExactResult CompareExactly(std::span<const ExactFigure> figures, size_t nudged) {
  ExactResult result;
  std::vector<size_t> order(figures.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return figures[a].epoch < figures[b].epoch; });
  bool explained = true;
  for (const size_t i : order) {
    const ExactFigure& f = figures[i];
    if (f.same) {
      ++result.same;
      continue;
    }
    if (!result.first) {
      result.first = i;
      result.drift = DriftUpTo(figures, f);
    }
    const double allowed = f.rounding + kMostDrifts * DriftUpTo(figures, f);
    explained = explained && std::abs(f.off) <= allowed;  // false for NaN
  }
  for (const ExactFigure& f : figures) {
    if (!result.first || f.epoch >= figures[*result.first].epoch) continue;
    result.begins_alike = true;
    result.up_to = std::max(result.up_to, f.epoch);
  }
  result.finding = !result.first          ? Finding::kExactly
                   : !result.begins_alike ? Finding::kNotReproduced
                   : nudged < kNudgedRuns ? Finding::kNotJudged
                   : explained            ? Finding::kExactThenRounding
                                          : Finding::kNotReproduced;
  return result;
}

}  // namespace nabla
