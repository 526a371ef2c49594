// Which pairs of hypotheses are worth a run.
#ifndef NABLA_EXPERIMENTS_PAIR_CHOICE_H_
#define NABLA_EXPERIMENTS_PAIR_CHOICE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "experiments/hypothesis_runs.h"
#include "framework/search/pairs.h"

namespace nabla {

// Chooses by the effects of single hypotheses, which it learns from their runs (pairs.h), and adds
// the pairs to the runs. Hypotheses are given by their candidates there.
class PairChoice {
 public:
  explicit PairChoice(HypothesisRuns& runs) : runs_(runs) {}

  // From the first `runs` runs of each, up to the printed epoch `last`.
  void Learn(const std::vector<size_t>& singles, size_t runs, int64_t last);
  bool learnt() const { return runs_of_each_ > 0; }
  // The same up to an earlier epoch.
  void LearnUpTo(int64_t last) {
    if (last < last_) Learn(std::vector(singles_), runs_of_each_, last);
  }

  // At most `count` new pairs, likeliest first, with none of `known`, which explain all alone;
  // fewer where it takes longer than until `end`.
  std::vector<size_t> Likeliest(size_t count, const std::vector<size_t>& known,
                                Clock::time_point end);
  // The same of pairs with some of `known`, where both together promise to explain as much or more.
  std::vector<size_t> Beside(size_t count, const std::vector<size_t>& known, Clock::time_point end);

  // For each of the pairs, which have runs: one of its halves with every other hypothesis that may
  // fill what is missing, the `count` likeliest of them.
  std::vector<size_t> Near(const std::vector<size_t>& pairs, size_t count);

  // What Effects::rarity says of a hypothesis, or of both halves of a pair.
  double RarityOf(size_t candidate) const;

  // The halves of a pair; null for a single hypothesis.
  const std::pair<size_t, size_t>* HalvesOf(size_t candidate) const {
    const auto found = halves_.find(candidate);
    return found == halves_.end() ? nullptr : &found->second;
  }

 private:
  // On the scale of effects, less the values of the file as it is; empty if there are none.
  std::vector<double> EffectOf(size_t candidate) const;
  std::vector<double> MeanOf(size_t candidate) const;
  // The runs' values of some of the printed ones, on that scale.
  std::vector<std::vector<double>> RunsOf(size_t candidate) const;
  // By place in its family, likeliest first.
  void LearnRarities();
  bool MayJoin(size_t a, size_t b) const;
  // Returns false if there is no such pair, or if it was added before.
  bool Add(size_t a, size_t b, std::vector<size_t>* added);

  HypothesisRuns& runs_;
  std::vector<size_t> singles_;
  size_t runs_of_each_ = 0;
  int64_t last_ = 0;
  std::vector<double> rows_;  // of which each value is a share; 0 = it is none
  std::vector<double> base_;
  Effects effects_;                                     // by candidate
  std::map<size_t, std::pair<size_t, size_t>> halves_;  // of each pair
  std::set<std::pair<size_t, size_t>> tried_;           // pairs, those that make nothing too
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_PAIR_CHOICE_H_
