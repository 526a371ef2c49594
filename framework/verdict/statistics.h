// Decides whether printed values could have come from one more of our own runs.
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
  double std = 0;  // with divisor runs - 1; 0 for a single run
  double min = 0;
  double max = 0;
};

Distribution Describe(std::span<const double> values);

// Fewer runs than this are too few to estimate a spread.
inline constexpr size_t kFewestRuns = 3;

// A printed number and our runs' values of the same metric.
struct ReferenceMetric {
  double printed = 0;
  double rounding = 0;       // half a unit of the last printed digit; always tolerated
  size_t list = 0;           // which list of metrics it belongs to
  std::vector<double> runs;  // in the same order for all metrics
  // For an unstable metric: our runs' values at all epochs to which it may have shifted. The metric
  // counts as unstable if there are any.
  std::vector<double> shifted;

  bool unstable() const { return !shifted.empty(); }
};

struct MetricJudgement {
  Distribution ours;
  double z = 0;  // (printed - mean) / std; 0 or infinite if std is 0
  // Two-sided 95 % prediction interval for one more run: mean +- t(0.975, N - 1) std sqrt(1 + 1/N),
  // where std is at least `rounding`.
  double low = 0;
  double high = 0;
  bool inside = false;         // in that interval
  bool in_range = false;       // in [min, max]
  bool in_wide_range = false;  // if unstable: at most one width outside the shifted values
  double p = 1;                // probability that one more run lies at least as far from the mean
  size_t rank = 1;             // 1 + number of our runs below the printed value
};

// Needs at least kFewestRuns runs.
MetricJudgement JudgeMetric(const ReferenceMetric& metric);

// Whether `ours`, rounded to the printed digits, equals the printed value.
bool PrintsAs(double ours, const ReferenceMetric& metric);

enum class Verdict { kNotJudged, kReproduced, kExactly, kUnusual, kNotReproduced };

// "reproduced", "reproduced exactly", "unusual draw", "not reproduced" or "not judged".
std::string ToString(Verdict verdict);

// Below these p-values a curve is an unusual draw, or not reproduced.
inline constexpr double kUnusualP = 0.05;
inline constexpr double kImpossibleP = 1e-4;

// How far a curve lies from the other runs.
struct Deviation {
  double distance = 0;    // root of the mean square deviation, in standard deviations
  double largest = 0;     // deviation of a single metric
  size_t largest_at = 0;  // its index
};

struct CurveJudgement {
  Verdict verdict = Verdict::kNotJudged;
  double p = 1;  // probability that one more of our runs lies at least as far out
  Deviation notebook;
  std::vector<Deviation> ours;  // of each run, relative to the others
  size_t as_far = 0;            // number of our runs that lie at least as far out
};

// The metrics of one run are correlated, so they are not tested one by one: the notebook's whole
// curve is ranked among our own curves. A curve has two measures of deviation: `distance`, in which
// every list of metrics has the same weight, and `largest`. Each of our runs is compared with the
// mean and the standard deviation of the others, the notebook with those of all. Each measure is
// divided by its maximum over our runs; the larger quotient says how far out a curve lies. If k of
// our N runs lie at least as far out as the notebook, p = (k + 1) / (N + 1). If k = 0, ranks say no
// more, and p is the tail of a chi-square distribution fitted to our squared deviations (F. E.
// Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics 2,
// 1946) if that is smaller. All values are rounded like the notebook's, and a standard deviation
// is at least half a unit of the last digit.
//
// Unstable metrics do not take part, but one outside its wide range makes the curve not reproduced.
CurveJudgement JudgeCurve(std::span<const ReferenceMetric> metrics);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_STATISTICS_H_
