#include "framework/verdict/budget.h"

#include <algorithm>
#include <cmath>

namespace nabla {
namespace {

double Need(const RunWish& wish) { return static_cast<double>(wish.most) * wish.seconds; }

// What each gets for one unit of its own budget, if all that need less get what they need.
double RateFor(std::span<const RunWish> wishes, double budget) {
  std::vector<const RunWish*> open;
  for (const RunWish& wish : wishes) open.push_back(&wish);
  while (true) {
    double weights = 0;
    for (const RunWish* wish : open) weights += wish->budget;
    const double rate = weights > 0 ? budget / weights : 0;
    const auto satisfied = std::partition(open.begin(), open.end(), [rate](const RunWish* wish) {
      return Need(*wish) > rate * wish->budget;
    });
    if (satisfied == open.end() || satisfied == open.begin()) return rate;
    for (auto wish = satisfied; wish != open.end(); ++wish) budget -= Need(**wish);
    open.erase(satisfied, open.end());
  }
}

size_t RunsIn(double seconds, const RunWish& wish) {
  const double most = static_cast<double>(wish.most);
  const double runs = wish.seconds > 0 ? std::min(most, seconds / wish.seconds) : most;
  return std::max(std::min(kPilotRuns, wish.most), static_cast<size_t>(std::floor(runs)));
}

}  // namespace

std::vector<RunLimits> ShareBudget(std::span<const RunWish> wishes, double budget) {
  constexpr double kFirstLook = 0.1;
  const double rate = RateFor(wishes, budget);
  std::vector<RunLimits> limits;
  for (const RunWish& wish : wishes) {
    const double share = rate * wish.budget;
    limits.push_back({.first = RunsIn(kFirstLook * share, wish), .last = RunsIn(share, wish)});
  }
  return limits;
}

}  // namespace nabla
