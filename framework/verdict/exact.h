// A list whose random numbers are known: its digits are compared with those of one run.
#ifndef NABLA_FRAMEWORK_VERDICT_EXACT_H_
#define NABLA_FRAMEWORK_VERDICT_EXACT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "framework/verdict/sequential.h"

namespace nabla {

// A printed value beside ours.
struct ExactFigure {
  int64_t epoch = 0;    // 0: before the first step
  size_t series = 0;    // values of one series are of one scale
  bool same = false;    // ours prints as the same digits
  double off = 0;       // how far ours lies from the printed value; NaN where the run has none
  double rounding = 0;  // half a unit of the last printed digit
  double drift = 0;     // how far rounding moves ours: the most in any nudged run (below)
};

struct ExactResult {
  Finding finding = Finding::kNotJudged;
  size_t same = 0;              // values with the printed digits
  std::optional<size_t> first;  // in order of epochs, the first value that has others
  double drift = 0;             // how far rounding has moved its series up to there
  bool begins_alike = false;    // there are values of earlier epochs: the digits of all agree
  int64_t up_to = 0;            // the last of these epochs
};

// Rounding explains a difference that is at most this many times what it does to our own run. The
// notebook rounds in every step, our nudged runs differ by one rounding in the beginning.
inline constexpr double kMostDrifts = 10;

// As many nudged runs show how far rounding moves a run.
inline constexpr size_t kNudgedRuns = 4;

// Training amplifies rounding, in chaotic nets until all digits differ, and two programs that sum
// in another order round differently. To find out whether that is all, our run is repeated with
// nudged weights: each of the first ones is moved to a neighbouring number (training_run.h). If the
// digits agree up to some epoch, and beyond it no value is off by more than half a unit plus
// kMostDrifts times the drift of its series up to its epoch, then rounding decides there, and the
// list is exact as far as it can be. With fewer than kNudgedRuns of them, whose drifts are in
// `figures`, digits that begin alike and then differ are not judged.
ExactResult CompareExactly(std::span<const ExactFigure> figures, size_t nudged);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_EXACT_H_
