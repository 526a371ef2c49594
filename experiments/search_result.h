// What a search for hypotheses has found, in the order in which it is shown.
#ifndef NABLA_EXPERIMENTS_SEARCH_RESULT_H_
#define NABLA_EXPERIMENTS_SEARCH_RESULT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "experiments/exact_digits.h"
#include "experiments/pair_choice.h"
#include "framework/verdict/race.h"
#include "framework/verdict/reproduction.h"

namespace nabla {

// Of the logarithm of a likelihood.
inline constexpr double kClearGain = 3;

// What the search knows of one hypothesis.
struct Standing {
  size_t candidate = 0;
  Misfit misfit;
  size_t runs = 0;                // that the misfit is measured with
  int64_t last = 0;               // the last printed epoch that it is measured up to
  std::vector<JudgedList> lists;  // of finalists
  double p = 0;                   // of these: the smallest, times their number
  double corrected = 0;           // for the number of finalists
  // Of a pair of which one fits alone: by how much log f of all values is larger than with that
  // one.
  std::optional<double> gain;

  bool judged() const { return !lists.empty(); }
  // No p of so few runs can be small: they exclude nothing.
  bool few() const {
    return static_cast<double>(lists.size()) > kUnusualShare * static_cast<double>(runs + 1);
  }
  bool beyond_all() const {
    return std::ranges::any_of(lists, [](const JudgedList& l) { return l.p.as_far == 0; });
  }
  bool fits() const { return judged() && p > kUnusualShare; }
  // It fits, and need not have done so.
  bool stands() const { return fits() && !few(); }
  // What its second change explains is more than chance.
  bool says_more() const { return !gain || *gain > kClearGain; }
  // Its p is small, but not so small that none of several finalists could have it by chance.
  bool possible() const { return judged() && !fits() && corrected > kUnusualShare; }
};

struct SearchResult {
  Standing written;                    // the file as it is
  std::vector<Standing> others;        // best first: finalists, then those that fell behind
  std::optional<DigitFinding> digits;  // if a list is exact
  size_t tried = 0;                    // hypotheses, without the file as it is
  size_t left_out = 0;                 // hypotheses that the budget left no time for
  bool stopped = false;                // by a signal, or by the budget before the end
};

// Sorts the others: first what gives the digits; of what fits, the simplest first; of what does
// not, the nearest.
void Sort(const HypothesisRuns& runs, const PairChoice& pairs, SearchResult* result);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SEARCH_RESULT_H_
