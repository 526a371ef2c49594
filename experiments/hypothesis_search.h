// The search for what makes a notebook's figures fit: a race, then verdicts on the best.
#ifndef NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_
#define NABLA_EXPERIMENTS_HYPOTHESIS_SEARCH_H_

#include <span>
#include <string>
#include <vector>

#include "experiments/exact_digits.h"
#include "experiments/hypothesis_runs.h"
#include "experiments/pair_choice.h"
#include "experiments/search_result.h"
#include "framework/verdict/race.h"

namespace nabla {

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
  // More runs for the file as it is.
  void JudgeWritten(double seconds);
  // More runs for what fits.
  void JudgeAgain(double seconds);
  void SetVerdicts(const std::vector<size_t>& finalists, size_t runs);

  // Pairs, in several helpings until something fits.
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
