// The search for what makes a notebook's figures fit: a race, then verdicts on the best.
#ifndef NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_
#define NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_

#include <string>
#include <vector>

#include "experiments/hypothesis_runs.h"
#include "framework/verdict/race.h"

namespace nabla {

// What the search knows of one hypothesis.
struct Standing {
  size_t candidate = 0;
  Misfit misfit;
  size_t runs = 0;                // that the misfit is measured with
  int64_t last = 0;               // the last printed epoch that it is measured up to
  std::vector<JudgedList> lists;  // of finalists
  double p = 0;                   // of these: the smallest, times their number
  double corrected = 0;           // for the number of finalists

  bool judged() const { return !lists.empty(); }
  bool fits() const { return judged() && p > kUnusualShare; }
  // Its p is small, but not so small that none of several finalists could have it by chance.
  bool possible() const { return judged() && !fits() && corrected > kUnusualShare; }
};

struct SearchResult {
  Standing written;              // the file as it is
  std::vector<Standing> others;  // best first: finalists, then those that fell behind
  size_t tried = 0;              // hypotheses, without the file as it is
  size_t left_out = 0;           // hypotheses that the budget left no time for
  bool stopped = false;          // by a signal, or by the budget before the end
};

// Searches until the answer stands or the budget is used up.
class HypothesisSearch {
 public:
  HypothesisSearch(HypothesisRuns& runs, double seconds, size_t workers, Console& console);

  SearchResult Run();

 private:
  // A race among those chosen, within `seconds`; returns the last ones, best first.
  std::vector<size_t> Race(std::vector<size_t> chosen, double seconds);
  std::vector<size_t> OneRound(std::vector<size_t> chosen, size_t runs, size_t keep, bool all,
                               double seconds);
  // Measures what has runs, and forgets the others.
  std::vector<Runner> Measure(const std::vector<size_t>& chosen, size_t runs, int64_t last);
  // Adds numbers between the best of each family and what was tried beside it.
  void Narrow(std::vector<size_t>* chosen);
  void JudgeBest(const std::vector<size_t>& best, double seconds);
  std::vector<size_t> AddPairs(double seconds);
  int64_t LastAffordable(const std::vector<size_t>& chosen, size_t runs, double seconds) const;
  double SecondsLeft() const;
  bool Stopped() const;
  SearchResult Result() const;

  HypothesisRuns& runs_;
  const Clock::time_point deadline_;
  const double workers_;
  Console& console_;
  std::vector<Standing> standings_;  // by candidate; those with no runs have never been tried
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_
