// How many of our own runs a verdict needs, and what it is called.
#ifndef NABLA_FRAMEWORK_VERDICT_SEQUENTIAL_H_
#define NABLA_FRAMEWORK_VERDICT_SEQUENTIAL_H_

#include <cstddef>
#include <span>
#include <string>

#include "framework/verdict/budget.h"
#include "framework/verdict/conformal.h"

namespace nabla {

// A list of figures whose p is no larger is an unusual draw, and one that is not reproduced.
inline constexpr double kUnusualShare = 0.05;
inline constexpr double kNotReproducedShare = 0.005;

// No fewer runs can give such a p: 1 / (199 + 1) = 0.005.
inline constexpr size_t kDecidingRuns = 199;

// Fewer runs than this say nothing.
inline constexpr size_t kFewestJudgedRuns = 3;

// No fewer runs can give a p of kUnusualShare: 1 / (19 + 1) = 0.05. No verdict could be any other
// then than that the list is reproduced, so that it would say nothing.
inline constexpr size_t kFewestTellingRuns = 19;

// Early on, only a p above this is an answer.
inline constexpr double kClearShare = 0.25;

enum class Finding {
  kNotJudged,      // fewer than kFewestJudgedRuns, or too few finite ones for the next two answers
  kTooFew,         // p > kUnusualShare, but fewer than kFewestTellingRuns
  kReproduced,     // p > kUnusualShare, of kFewestJudgedRuns finite runs
  kUnusual,        // p > kNotReproducedShare
  kBeyondAll,      // farther out than all our runs, but these are too few to say more
  kNotReproduced,  // p <= kNotReproducedShare, or other digits
  // Of lists that are compared digit by digit (exact.h):
  kExactly,            // all digits agree
  kExactThenRounding,  // up to an epoch, from which on rounding alone moves them as far
};

// Whether p <= kUnusualShare.
bool IsUnusual(const ConformalP& p);

Finding Find(const ConformalP& p);

// "too few runs to say", "reproduced", "unusual draw", "farther out than all runs", "not
// reproduced", "not judged", "reproduced exactly", "exact, then rounding decides".
std::string ToString(Finding finding);

// "3 of 199 runs lie as far out or farther, p = 0.02" or "farther out than all of 400 runs,
// p < 0.0025", since 1 / 401 < 1 / 400.
std::string InWords(const ConformalP& p);

// How many runs there should be in all before p is looked at again: 39, 99, 199, 399, 799, .., of
// which those below `first` are left out, and at last `last`. These limits come from the budget
// (budget.h) and must not depend on any figure. As many as there are if the answer stands: at the
// last look, or earlier when the p of every list is above kClearShare. `lists` have the same number
// of runs, at least `first`; none before the first look.
//
// Why that keeps P(p <= a) <= a for every a <= kClearShare, for each list: no look but the last
// ends with such a p, so p <= a means that the p of `last` runs is, and `last` is fixed. Nothing is
// won by stopping early for a small p: below 199 runs none can be as small as 0.005.
size_t RunsWanted(std::span<const ConformalP> lists, size_t runs, const RunLimits& limits);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_SEQUENTIAL_H_
