// How strange each of n curves is among the n. Every score is a symmetric function of the curves:
// another order of them changes no curve's score by more than rounding. That is all that a valid p
// needs (conformal.h); which scores there are decides only what is found.
//
// All take n x m finite numbers with n >= 2 and give n scores, larger = stranger.
#ifndef NABLA_FRAMEWORK_VERDICT_SCORES_H_
#define NABLA_FRAMEWORK_VERDICT_SCORES_H_

#include <cstddef>
#include <vector>

#include "framework/verdict/curves.h"

namespace nabla {

// Figures of different scales are made comparable, column by column. A constant column becomes 0.

// (x - mean) / std, std with n below.
Curves Standardised(const Curves& curves);

// asinh((x - median) / (1.4826 MAD)), with std where the median absolute deviation is 0: a few runs
// of ours that went astray do not hide how close the others are.
Curves Softened(const Curves& curves);

// The normal quantile of r / (n + 1), r = rank in the column, the mean rank among equals.
Curves NormalScores(const Curves& curves);

// How many neighbours the scores below look at: n / 5, but 2 .. 10 and below n.
size_t Neighbours(size_t n);

// Mean Euclidean distance to the k nearest curves.
std::vector<double> NeighbourDistances(const Curves& curves);

// The same, divided by its mean over these neighbours, all those as near as the k-th included
// (after M. Breunig et al., "LOF: identifying density-based local outliers", SIGMOD 2000): finds a
// curve beside a tight bundle even where others of our runs lie far away.
std::vector<double> LocalOutlierFactors(const Curves& curves);

// h / (1 - h) with h = z' (Z'Z + r tr(Z'Z) I)^-1 z, r = 1e-4 and z one of the rows of Z: the square
// of a Mahalanobis distance from the other curves, which still exists with more figures than
// curves. Finds one figure that does not fit its neighbours.
std::vector<double> Leverages(const Curves& curves);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_SCORES_H_
