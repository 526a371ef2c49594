// The search for what makes a notebook's figures fit: a race, then verdicts on the best.
#ifndef NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_
#define NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/exact_digits.h"
#include "experiments/hypothesis_runs.h"
#include "experiments/pair_choice.h"
#include "framework/verdict/race.h"

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

// Searches until the answer stands, or until the deadline.
class HypothesisSearch {
 public:
  HypothesisSearch(HypothesisRuns& runs, Clock::time_point deadline, size_t workers,
                   Console& console);

  // `seeds` are tried for the digits of exact lists alone.
  SearchResult Run(const std::vector<Hypothesis>& seeds);

 private:
  struct Round;

  // Measures those chosen in several rounds; returns the last ones, best first.
  std::vector<size_t> Race(std::vector<size_t> chosen, std::span<const Round> rounds);
  std::vector<size_t> OneRound(std::vector<size_t> chosen, const Round& round);
  // Leaves out those that cost most until all fit into `seconds`.
  std::vector<size_t> Affordable(std::vector<size_t> chosen, double seconds) const;
  // Measures what has runs, and forgets the others.
  std::vector<Runner> Measure(const std::vector<size_t>& chosen, size_t runs, int64_t last);
  // Adds numbers between the best of each family and what was tried beside it.
  void Narrow(std::vector<size_t>* chosen);
  // Gives p to those of the best, and to the file as it is, that the seconds are enough for.
  void Judge(const std::vector<size_t>& best, double seconds);
  // More runs for what fits.
  void JudgeAgain(double seconds);
  void SetVerdicts(const std::vector<size_t>& finalists, size_t runs);

  // Pairs of what does not fit alone, in several helpings until one fits.
  void SearchPairs();
  // One helping; returns false if there is no pair left.
  bool TryPairs();
  // What the better half of each pair explains alone.
  void CompareWithHalves();

  // Seconds of all threads that a share of the whole search is, as far as they are left.
  double Share(double share) const;
  double SecondsLeft() const;
  bool Stopped() const;
  SearchResult Result() const;

  HypothesisRuns& runs_;
  const Clock::time_point deadline_;
  const double workers_;
  Console& console_;
  const double seconds_;             // of all threads, in the beginning
  std::vector<Standing> standings_;  // by candidate; those with no runs have never been tried
  ExactDigits digits_;
  PairChoice pairs_;
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_
