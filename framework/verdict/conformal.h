// Whether a notebook's figures could be one more of our own runs: a p-value by counting alone.
#ifndef NABLA_FRAMEWORK_VERDICT_CONFORMAL_H_
#define NABLA_FRAMEWORK_VERDICT_CONFORMAL_H_

#include <cstddef>
#include <span>
#include <vector>

#include "framework/verdict/curves.h"

namespace nabla {

// A printed number beside our runs' values of it.
struct ComparedFigure {
  double printed = 0;
  double rounding = 0;           // half a unit of the last printed digit; 0: not rounded
  std::span<const double> runs;  // in the same order for all figures; NaN where a run has none
};

// p = (as_far + 1) / (runs + 1).
struct ConformalP {
  size_t runs = 0;        // of ours
  size_t as_far = 0;      // how many of them are at least as strange as the notebook
  size_t not_finite = 0;  // how many of them have a figure that is NaN or infinite
  bool notebook_finite = true;

  double p() const;
};

// The notebook's curve is put among our N, everything is rounded as the notebook prints it, and
// each of the N + 1 curves is scored among the N + 1 (scores.h). p is the share of curves that are
// at least as strange as the notebook's, its own included.
//
// Why P(p <= a) <= a for every a, N and distribution: if the notebook ran what the file says, the N
// + 1 curves are exchangeable. Strangeness is a symmetric function of them, so the notebook's place
// in it is as likely to be any of the N + 1; at most a (N + 1) places have p <= a, fewer where
// curves tie, since ties count as strange. (V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning
// in a Random World", 2005, chapter 2.)
//
// A curve with a figure that is not finite is kept and counted. Whether all figures are finite is
// one more score: a curve is the stranger, the fewer there are of its kind. So a NaN among finite
// runs is stranger than all but figures that look made up, and b runs of ours that broke push a
// finite notebook back by at most b places, and by none if its own figures look made up.
ConformalP ComputeConformalP(std::span<const ComparedFigure> figures);

// For each of n curves, how many of the n are at least as strange, itself included. Each score
// gives a curve its place in the same sense, 1 .. n. The smallest of its places decides; where that
// ties, how far the score lies beyond those of the usual curves.
std::vector<size_t> AsStrange(const Curves& curves);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_CONFORMAL_H_
