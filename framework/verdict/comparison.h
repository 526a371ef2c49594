// Several settings, each run with the same seeds: which of them are really different?
//
// Every two settings are compared by the signed ranks of their pairs (paired.h). All claims of a
// comparison together are wrong with a probability of at most kComparisonError, though there are
// many pairs of settings and though one looks again and again while seeds are added:
//   - look k = 1, 2, ... may err with probability kComparisonError / (k (k + 1)). However many
//   looks
//     there are, these sum to less than kComparisonError (1/2 + 1/6 + 1/12 + ... = 1), so the last
//     look need not be known beforehand;
//   - within a look, Holm's procedure (A simple sequentially rejective multiple test procedure,
//     1979) corrects for the pairs of settings that are still open. Pairs decided by earlier looks
//     need not count: if one of them was decided wrongly, the error has happened already.
// When the looks are made must not depend on any value (NextLook): a look at the best moment would
// be as many looks as there are moments.
#ifndef NABLA_FRAMEWORK_VERDICT_COMPARISON_H_
#define NABLA_FRAMEWORK_VERDICT_COMPARISON_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "framework/verdict/paired.h"

namespace nabla {

inline constexpr double kComparisonError = 0.05;

// Of look 1, 2, ...
double ErrorOfLook(size_t look);

// Seeds before the first look at so many settings: as many as can decide every pair of them with
// the error of that look, and at least 8.
size_t FirstLook(size_t settings);

// The seeds at the look after that at `seeds`: twice as many, but at most `last`, and never more
// than a look of an earlier call, which counts too: `earlier` are the seeds of those.
size_t NextLook(size_t seeds, size_t last, std::span<const size_t> earlier);

// The fewest seeds with which a single look could decide every pair of so many settings.
size_t LeastSeeds(size_t settings);

// Metrics by setting and seed; nothing where there is no run. A number that is not finite is worse
// than all others.
using ComparedValues = std::vector<std::vector<std::optional<double>>>;

// Two settings a < b.
struct ComparedPair {
  size_t a = 0;
  size_t b = 0;
  PairedTest test;       // of the gains of a over b, of all seeds that both have
  Interval interval;     // of the same; the intervals of all pairs of a look hold together
  double corrected = 1;  // p for all looks and pairs, to be compared with kComparisonError
  bool decided = false;  // corrected <= kComparisonError
  std::vector<double> gains;

  bool a_is_better() const { return decided && test.p_above < test.p_below; }
  bool b_is_better() const { return decided && test.p_below < test.p_above; }
};

class Comparison {
 public:
  Comparison(size_t settings, bool smaller_is_better);

  // Tests the pairs that are open. `error`: of this look.
  void Look(const ComparedValues& values, double error);
  // The same without deciding anything: between looks, for people to look at.
  void Glance(const ComparedValues& values, double error);

  // Whether another setting is better. Such a setting needs no more seeds, and its pairs that are
  // not decided stay so.
  bool IsBeaten(size_t setting) const;
  // Whether all settings but one are, or all: each may lose to another one.
  bool IsDecided() const;

  const std::vector<ComparedPair>& pairs() const { return pairs_; }

 private:
  std::vector<ComparedPair*> Open();
  void Test(const ComparedValues& values, double error);

  const size_t settings_;
  const bool smaller_is_better_;
  std::vector<ComparedPair> pairs_;  // all
};

// "About how many seeds would decide a mean difference": where the differences have this standard
// deviation, so many pairs of settings are open, the first look is at `first` seeds and the last
// one at the answer. Nothing if more than a million are needed, or the difference is 0.
std::optional<size_t> SeedsToDecide(double difference, double std, size_t open, size_t first);

// Which settings may be the best, where there is a single look and nothing is to be said of the
// others: those that no other one beats with a one-sided p <= kComparisonError / (settings - 1).
// The best setting is one of them with probability 1 - kComparisonError: it has settings - 1
// rivals, and is left out only if one of them beats it by chance. Empty if a setting has fewer
// seeds in common with the others than could tell anything.
std::vector<bool> MayBeBest(const ComparedValues& values, bool smaller_is_better);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_COMPARISON_H_
