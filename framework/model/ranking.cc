#include "framework/model/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace nabla {

std::optional<RankingCurves> CurvesOf(std::vector<RankedRow> rows) {
  const auto unknown = [](const RankedRow& row) { return std::isnan(row.score); };
  const auto positives = static_cast<double>(std::ranges::count(rows, true, &RankedRow::positive));
  const double negatives = static_cast<double>(rows.size()) - positives;
  if (positives == 0 || negatives == 0 || std::ranges::any_of(rows, unknown)) return std::nullopt;
  std::ranges::sort(rows, std::ranges::greater(), &RankedRow::score);
  RankingCurves curves{.roc = {{0, 0}}, .recall = {{0, 1}}};
  double passed = 0;
  double hits = 0;
  for (size_t r = 0; r < rows.size(); ++r) {
    ++passed;
    hits += rows[r].positive;
    if (r + 1 < rows.size() && rows[r + 1].score == rows[r].score) continue;
    const auto [false_rate, true_rate] = curves.roc.back();
    curves.roc.emplace_back((passed - hits) / negatives, hits / positives);
    curves.recall.emplace_back(hits / positives, hits / passed);
    curves.roc_auc +=
        (curves.roc.back().first - false_rate) * (curves.roc.back().second + true_rate) / 2;
    curves.average_precision += (hits / positives - true_rate) * hits / passed;
  }
  return curves;
}

}  // namespace nabla
