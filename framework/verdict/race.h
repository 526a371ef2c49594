// A race of hypotheses: which of them come near to what a notebook printed, with few runs each.
#ifndef NABLA_FRAMEWORK_VERDICT_RACE_H_
#define NABLA_FRAMEWORK_VERDICT_RACE_H_

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/verdict/statistics.h"

namespace nabla {

// How far the printed values lie from the runs of a hypothesis.
struct Misfit {
  // The mean over the values of -log f(x), f the density of Student's t with 4 degrees of freedom
  // around the runs' mean, with the width s sqrt(1 + 1/n). It is measured from what an exact fit of
  // the typical width has, so about 0.5 for a hypothesis that is true. Runs that scatter widely fit
  // nothing well: they pay log s.
  double loss = 0;
  // The same without log s: how far they lie from runs that may scatter as widely as they do.
  double distance = 0;
  double deviations = 0;  // root mean square of (x - mean) / width, each at most kMostDeviations

  bool operator<(const Misfit& other) const { return loss < other.loss; }
};

inline constexpr double kMostDeviations = 1000;

// Of one hypothesis. `typical` is the standard deviation of each value among runs of hypotheses
// like it. With n runs of its own, s^2 = ((n - 1) s_own^2 + 2 k typical^2) / (n + 1) + rounding^2
// / 3, where k = ((n - 1) r^2 + 1) / n and r is the mean of s_own / typical over the values. A run
// whose value is not finite counts as one that is kMostDeviations off. All values have equally many
// runs, at least one.
Misfit MisfitOf(std::span<const ReferenceMetric> values, std::span<const double> typical);

// The median, over the hypotheses that have at least 2 finite values of it, of each value's
// standard deviation.
std::vector<double> TypicalDeviations(const std::vector<std::vector<ReferenceMetric>>& hypotheses);

// One that races.
struct Runner {
  size_t index = 0;    // of the hypothesis
  std::string family;  // of its settings
  Misfit misfit;
};

// The `keep` best, best first, of which at most `of_family` are of one family: near misses of the
// likeliest kind must not crowd out the others. Every third is the best that is left by its
// distance alone: the true one may be one that scatters.
std::vector<Runner> Survivors(std::vector<Runner> runners, size_t keep, size_t of_family);

// Numbers between `best` and its neighbours among those tried, near the geometric means where they
// are 15 % apart or more: of one digit if there is one in the middle, otherwise of two.
std::vector<double> Between(double best, std::vector<double> tried, bool whole);

// p, corrected for choosing among several (S. Holm, "A simple sequentially rejective multiple test
// procedure", 1979): the chance that any true one gets a value <= a is at most a.
std::vector<double> HolmCorrected(const std::vector<double>& p);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_RACE_H_
