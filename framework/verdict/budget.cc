#include "framework/verdict/budget.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nabla {
namespace {

// Seconds that a notebook gets at the least and at the most.
struct Bounds {
  double floor = 0;
  double need = 0;
  double weight = 0;

  double At(double rate) const { return std::clamp(rate * weight, floor, need); }
};

double SecondsOf(size_t runs, const RunWish& wish) {
  return static_cast<double>(runs) * wish.seconds;
}

std::vector<Bounds> BoundsOf(std::span<const RunWish> wishes, double budget) {
  std::vector<Bounds> bounds;
  std::vector<std::pair<double, size_t>> floors;
  for (const RunWish& wish : wishes) {
    floors.emplace_back(SecondsOf(std::min(wish.telling, wish.most), wish), bounds.size());
    bounds.push_back({.floor = 0, .need = SecondsOf(wish.most, wish), .weight = wish.budget});
  }
  std::ranges::sort(floors);
  for (const auto& [floor, index] : floors) {
    if (floor > budget) break;
    bounds[index].floor = floor;
    budget -= floor;
  }
  return bounds;
}

// What each gets for one unit of its own budget, within its bounds.
double RateFor(std::span<const Bounds> bounds, double budget) {
  std::vector<double> turns = {0};  // where one leaves its floor, or has what it needs
  for (const Bounds& b : bounds) {
    if (b.weight > 0) turns.insert(turns.end(), {b.floor / b.weight, b.need / b.weight});
  }
  std::ranges::sort(turns);
  double last = 0;
  for (const double turn : turns) {
    double seconds = 0;
    for (const Bounds& b : bounds) seconds += b.At(turn);
    if (seconds > budget) break;
    last = turn;
  }
  double left = budget, weights = 0, all_weights = 0;
  for (const Bounds& b : bounds) {
    const bool open = b.floor <= last * b.weight && last * b.weight < b.need;
    (open ? weights : left) += open ? b.weight : -b.At(last);
    all_weights += b.weight;
  }
  if (weights > 0) return std::max(last, left / weights);
  return all_weights > 0 ? std::max(last, budget / all_weights) : 0;  // all have what they need
}

size_t RunsIn(double seconds, const RunWish& wish) {
  const double most = static_cast<double>(wish.most);
  const double runs = wish.seconds > 0 ? std::min(most, seconds / wish.seconds) : most;
  constexpr double kRounding = 1e-9;  // costs nobody a run
  return std::max(std::min(kPilotRuns, wish.most),
                  static_cast<size_t>(std::floor(runs * (1 + kRounding))));
}

}  // namespace

std::vector<RunLimits> ShareBudget(std::span<const RunWish> wishes, double budget) {
  constexpr double kFirstLook = 0.1;
  const std::vector<Bounds> bounds = BoundsOf(wishes, budget);
  const double rate = RateFor(bounds, budget);
  std::vector<RunLimits> limits;
  for (size_t i = 0; i < wishes.size(); ++i) {
    const double share = std::max(bounds[i].floor, rate * bounds[i].weight);
    limits.push_back(
        {.first = RunsIn(kFirstLook * share, wishes[i]), .last = RunsIn(share, wishes[i])});
  }
  return limits;
}

}  // namespace nabla
