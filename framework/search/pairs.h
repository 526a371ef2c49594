// Which two hypotheses may explain together what none explains alone, before any pair is trained.
#ifndef NABLA_FRAMEWORK_SEARCH_PAIRS_H_
#define NABLA_FRAMEWORK_SEARCH_PAIRS_H_

#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace nabla {

// Changes of a training multiply losses and the odds of being right rather than add to them: log x,
// clamped far out, and for shares of `rows` rows, x = k / rows, log (k + 1/2) / (rows - k + 1/2). A
// value that is not finite is very large. rows = 0: no share.
double OnEffectScale(double value, double rows);

// What a small change of a positive value, or of a share, changes there.
double ChangeOnEffectScale(double value, double change, double rows);

// What is known of the printed values, all on the scale above.
struct Effects {
  std::vector<double> wanted;              // what was printed, less what the file as it is gives
  std::vector<double> width;               // the usual standard deviation of a run
  std::vector<std::vector<double>> known;  // of each hypothesis; empty where nothing is known
  // Of each hypothesis, what is added to the distance of a pair with it: people seldom do what is
  // rare. Empty: nothing.
  std::vector<double> rarity;
};

// How far the sum of effects lies from what is wanted: the mean over the values of Student's
// -log f with 4 degrees of freedom, as race.h has it. Effects hardly ever add up exactly: each of
// them widens f by a fifth of its size, and a wide f costs log width.
double DistanceOfSum(const Effects& effects, std::span<const double> a, std::span<const double> b);

// The `count` pairs (a, b) with the least distance and rarity, nearest first, of those that
// `agree(a, b)`.
std::vector<std::pair<size_t, size_t>> LikeliestPairs(
    const Effects& effects, size_t count, const std::function<bool(size_t, size_t)>& agree);

// The same of pairs with at least one of `alone`, which come near by themselves, without those that
// lie farther off than these do, by more than 0.1.
std::vector<std::pair<size_t, size_t>> PairsBeside(
    const Effects& effects, size_t count, std::span<const size_t> alone,
    const std::function<bool(size_t, size_t)>& agree);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SEARCH_PAIRS_H_
