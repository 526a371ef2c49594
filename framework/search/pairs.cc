#include "framework/search/pairs.h"

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

constexpr double kFreedom = 4;
constexpr double kInexact = 0.2;  // of an effect: the others may change it as much
constexpr double kLeastWidth = 1e-3;
constexpr double kFarthest = 12;  // e^12 is beyond what anybody prints

double Square(double x) { return x * x; }

}  // namespace

double OnEffectScale(double value, bool is_share) {
  if (!std::isfinite(value)) return kFarthest;
  const double odds = is_share ? value / std::max(1 - value, 1e-5) : value;
  return std::clamp(std::log(std::max(odds, 1e-12)), -kFarthest, kFarthest);
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
  for (size_t a = 0; a < effects.known.size(); ++a) {
    if (effects.known[a].empty()) continue;
    for (size_t b = a + 1; b < effects.known.size(); ++b) {
      if (effects.known[b].empty() || !agree(a, b)) continue;
      all.push_back({DistanceOfSum(effects, effects.known[a], effects.known[b]), a, b});
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Ranked& x, const Ranked& y) { return x.distance < y.distance; });
  std::vector<std::pair<size_t, size_t>> best;
  for (size_t i = 0; i < std::min(count, all.size()); ++i) best.emplace_back(all[i].a, all[i].b);
  return best;
}

}  // namespace nabla
