// Which hypotheses give the very digits of the lists that are exact.
#ifndef NABLA_EXPERIMENTS_EXACT_DIGITS_H_
#define NABLA_EXPERIMENTS_EXACT_DIGITS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "experiments/hypothesis_runs.h"

namespace nabla {

struct DigitFinding {
  bool written = false;       // the file's own seed gives them
  std::vector<size_t> agree;  // candidates that do, if it does not: seeds, then others
  size_t tried = 0;           // others than the file as it is
};

// Looks at the run of each candidate's own seed, which is the file's for all but the seeds.
class ExactDigits {
 public:
  explicit ExactDigits(HypothesisRuns& runs) : runs_(runs) {}

  // Trains the file as it is to the last printed epoch and, where it has other digits, each seed to
  // the first one, until the deadline. Does nothing if no list is exact.
  void TrySeeds(const std::vector<Hypothesis>& seeds, Clock::time_point deadline);
  // Notes those of `chosen` whose run has the digits up to the printed epoch `last`.
  void Look(const std::vector<size_t>& chosen, int64_t last);
  // Trains what was noted to the end, where most of it parts from the digits. Returns whether some
  // does not. May be called again.
  bool Finish(Clock::time_point deadline);

  bool IsSeed(size_t candidate) const { return seeds_.contains(candidate); }
  const std::optional<DigitFinding>& finding() const { return finding_; }

 private:
  HypothesisRuns& runs_;
  std::optional<DigitFinding> finding_;  // if a list is exact
  std::set<size_t> seeds_;
  std::set<size_t> looked_at_;
  std::set<size_t> noted_;
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_EXACT_DIGITS_H_
