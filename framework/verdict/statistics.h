// Whether printed values could have come from one more of our own runs.
#ifndef NABLA_FRAMEWORK_VERDICT_STATISTICS_H_
#define NABLA_FRAMEWORK_VERDICT_STATISTICS_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace nabla {

struct Distribution {
  size_t runs = 0;
  double mean = 0;
  double std = 0;  // with runs - 1 below; 0 for a single run
  double min = 0;
  double max = 0;
};

Distribution Describe(std::span<const double> values);

// Fewer runs than this say nothing about a spread.
inline constexpr size_t kFewestRuns = 3;

// A printed number beside our runs' values of it.
struct ReferenceMetric {
  double printed = 0;
  double rounding = 0;       // half a unit of the last printed digit: always given the benefit
  size_t list = 0;           // which list of metrics it belongs to
  std::vector<double> runs;  // in the same order for all metrics
  // Of an unstable metric: our runs' values at all epochs to which it may have been shifted. Where
  // there are any, the metric counts as unstable.
  std::vector<double> shifted;

  bool unstable() const { return !shifted.empty(); }
};

struct MetricJudgement {
  Distribution ours;
  double z = 0;  // (printed - mean) / std; 0 or an infinity where std is 0
  // Two-sided 95 % prediction interval for one more run: mean +- t(0.975, N - 1) std sqrt(1 + 1/N),
  // where std counts as no less than `rounding`.
  double low = 0;
  double high = 0;
  bool inside = false;         // of that interval
  bool in_range = false;       // of [min, max]
  bool in_wide_range = false;  // if unstable: at most one width outside the shifted values
  double p = 1;                // that one more run lies as far from the mean or farther
  size_t rank = 1;             // 1 + our runs below the printed value
};

// At least kFewestRuns runs.
MetricJudgement JudgeMetric(const ReferenceMetric& metric);

// Whether a value that is not random prints as the notebook's.
bool PrintsAs(double ours, const ReferenceMetric& metric);

enum class Verdict { kNotJudged, kReproduced, kExactly, kUnusual, kNotReproduced };

// "reproduced", "reproduced exactly", "unusual draw", "not reproduced" or "not judged".
std::string ToString(Verdict verdict);

// Below these a curve counts as an unusual draw, and as not reproduced.
inline constexpr double kUnusualP = 0.05;
inline constexpr double kImpossibleP = 1e-4;

// How far a curve lies from where the other runs are.
struct Deviation {
  double distance = 0;    // root of the mean square deviation, in standard deviations
  double largest = 0;     // deviation of a single metric
  size_t largest_at = 0;  // its index
};

struct CurveJudgement {
  Verdict verdict = Verdict::kNotJudged;
  double p = 1;  // that one more run of ours lies as far out or farther
  Deviation notebook;
  std::vector<Deviation> ours;  // of each run, measured against the others
  size_t as_far = 0;            // of our runs, how many lie as far out
};

// Metrics of one run hang together, so they cannot be counted one by one: the notebook's whole
// curve is ranked among our own curves. A curve's deviation is measured twice, as `distance` (every
// list of metrics counts the same) and as `largest`. Each of our runs is measured against the mean
// and the standard deviation of the others, the notebook against all. A curve is as far out as the
// larger of its two measures, each in units of the largest that any of our runs has; with k of our
// N runs as far out as the notebook, p = (k + 1) / (N + 1). Beyond all of our runs, where ranks
// end, p is the tail of a chi-square distribution fitted to our squared deviations (F. E.
// Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics 2,
// 1946), if that is smaller. All values are rounded as the notebook's are, and no standard
// deviation counts as less than half a unit of the last digit.
//
// Unstable metrics are left out of this, but where one is outside its wide range, the curve is not
// reproduced.
CurveJudgement JudgeCurve(std::span<const ReferenceMetric> metrics);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_STATISTICS_H_
