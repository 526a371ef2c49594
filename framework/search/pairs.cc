#include "framework/search/pairs.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace nabla {
namespace {

constexpr double kFreedom = 4;
constexpr double kInexact = 0.2;  // of an effect: the others may change it as much
constexpr double kLeastWidth = 1e-3;
constexpr double kFarthest = 12;  // e^12 is beyond what anybody prints

double Square(double x) { return x * x; }

}  // namespace

double OnEffectScale(double value, double rows) {
  if (!std::isfinite(value)) return kFarthest;
  const double right = value * rows;
  const double odds = rows > 0 ? (right + 0.5) / (rows - right + 0.5) : value;
  return std::clamp(std::log(std::max(odds, 1e-12)), -kFarthest, kFarthest);
}

double ChangeOnEffectScale(double value, double change, double rows) {
  if (change == 0) return 0;
  if (rows == 0) return change / std::max(std::abs(value), change);
  const double share = (value * rows + 0.5) / (rows + 1);
  return change / (share * (1 - share));
}

double DistanceOfSum(const Effects& effects, std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  const size_t count = effects.wanted.size();
  for (size_t i = 0; i < count; ++i) {
    const double width = std::sqrt(Square(effects.width[i]) + Square(kLeastWidth) +
                                   Square(kInexact) * (Square(a[i]) + Square(b[i])));
    const double z = (effects.wanted[i] - a[i] - b[i]) / width;
    sum += (kFreedom + 1) / 2 * std::log1p(z * z / kFreedom) + std::log(width);
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

std::vector<std::pair<size_t, size_t>> LikeliestPairs(
    const Effects& effects, size_t count, const std::function<bool(size_t, size_t)>& agree) {
  struct Ranked {
    double distance;
    size_t a;
    size_t b;
  };
  std::vector<Ranked> all;
  const auto rarity = [&](size_t one) {
    return one < effects.rarity.size() ? effects.rarity[one] : 0;
  };
  for (size_t a = 0; a < effects.known.size(); ++a) {
    if (effects.known[a].empty()) continue;
    for (size_t b = a + 1; b < effects.known.size(); ++b) {
      if (effects.known[b].empty() || !agree(a, b)) continue;
      const double distance = DistanceOfSum(effects, effects.known[a], effects.known[b]);
      all.push_back({distance + rarity(a) + rarity(b), a, b});
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Ranked& x, const Ranked& y) { return x.distance < y.distance; });
  std::vector<std::pair<size_t, size_t>> best;
  for (size_t i = 0; i < std::min(count, all.size()); ++i) best.emplace_back(all[i].a, all[i].b);
  return best;
}

std::vector<std::pair<size_t, size_t>> PairsBeside(
    const Effects& effects, size_t count, std::span<const size_t> alone,
    const std::function<bool(size_t, size_t)>& agree) {
  constexpr double kFarther = 0.1;  // sums of effects are not exact
  const std::vector<double> nothing(effects.wanted.size());
  std::map<size_t, double> distances;
  for (const size_t one : alone) {
    if (one >= effects.known.size() || effects.known[one].empty()) continue;
    distances[one] = DistanceOfSum(effects, effects.known[one], nothing);
  }
  const auto distance = [&](size_t one) {
    const auto found = distances.find(one);
    return found == distances.end() ? HUGE_VAL : found->second;
  };
  const auto is_near = [&](size_t a, size_t b) {
    const double least = std::min(distance(a), distance(b));
    return least < HUGE_VAL && agree(a, b) &&
           DistanceOfSum(effects, effects.known[a], effects.known[b]) < least + kFarther;
  };
  return LikeliestPairs(effects, count, is_near);
}

}  // namespace nabla
