// How many runs each of several notebooks gets within a budget of time.
#ifndef NABLA_FRAMEWORK_VERDICT_BUDGET_H_
#define NABLA_FRAMEWORK_VERDICT_BUDGET_H_

#include <cstddef>
#include <span>
#include <vector>

namespace nabla {

// Runs that are made before their time is known.
inline constexpr size_t kPilotRuns = 3;

// What one notebook asks for.
struct RunWish {
  double seconds = 0;  // that a run takes
  double budget = 0;   // that it may have, all runs together: the share of the others is their own
  size_t most = 0;     // runs
  size_t telling = 0;  // runs, without which no answer is possible
};

struct RunLimits {
  size_t first = 0;  // runs before the first look at p: a tenth of the time, or more
  size_t last = 0;   // runs in all
};

// Divides `budget` in proportion to the wishes' own budgets, but first gives each the runs that can
// tell anything, those that need the least time for it first, as far as the budget goes. What a
// notebook does not need, since `most` runs take less, goes to the others in the same proportion.
// Each gets at least kPilotRuns, or `most`. All times are of one thread. No figure has a say in it:
// the last number of runs must not depend on any (sequential.h).
std::vector<RunLimits> ShareBudget(std::span<const RunWish> wishes, double budget);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_BUDGET_H_
