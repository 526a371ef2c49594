#include "framework/record/followed.h"

#include <limits>
#include <optional>

namespace nabla {
namespace {

constexpr double kWorst = std::numeric_limits<double>::infinity();

// Smaller is better.
std::optional<double> Cost(Followed figure, const EpochFigures& epoch) {
  if (figure == Followed::kTrainLoss) return epoch.train_loss;
  if (figure == Followed::kTestLoss) return epoch.test_loss;
  if (!epoch.test_accuracy) return std::nullopt;
  return -*epoch.test_accuracy;
}

}  // namespace

bool LastIsBest(Followed figure, const std::vector<EpochFigures>& history) {
  const auto last = Cost(figure, history.back());
  if (!last) return false;
  for (size_t i = 0; i + 1 < history.size(); ++i) {
    if (!(*last < Cost(figure, history[i]).value_or(kWorst))) return false;
  }
  return true;
}

bool HasStalled(const EarlyStopSection& rule, const std::vector<EpochFigures>& history) {
  double best = kWorst;
  int64_t since = 0;
  for (const EpochFigures& epoch : history) {
    const auto cost = Cost(rule.figure, epoch);
    if (!cost) continue;
    const bool better = *cost < best && (best == kWorst || best - *cost >= rule.min_change);
    since = better ? 0 : since + 1;
    if (better) best = *cost;
  }
  return since >= rule.patience;
}

}  // namespace nabla
