// Where a printed value lies among our own runs' values of the same metric.
#ifndef NABLA_FRAMEWORK_VERDICT_STATISTICS_H_
#define NABLA_FRAMEWORK_VERDICT_STATISTICS_H_

#include <cstddef>
#include <span>
#include <vector>

namespace nabla {

struct Distribution {
  size_t runs = 0;
  double mean = 0;
  double std =
      0;  // with divisor runs - 1; 0 for a single run, and of equal values but for rounding
  double min = 0;
  double max = 0;
};

Distribution Describe(std::span<const double> values);

// A printed number and our runs' values of the same metric.
struct ReferenceMetric {
  double printed = 0;
  double rounding = 0;       // half a unit of the last printed digit; always tolerated
  std::vector<double> runs;  // in the same order for all metrics; NaN where a run has none
};

struct MetricJudgement {
  Distribution ours;  // of finite values
  double z = 0;       // (printed - mean) / std; 0 or infinite if std is 0
  // Two-sided 95 % prediction interval for one more run: mean +- t(0.975, N - 1) std sqrt(1 + 1/N),
  // where std is at least `rounding`.
  double low = 0;
  double high = 0;
  bool inside = false;    // in that interval
  bool in_range = false;  // in [min, max]
  double p = 1;           // probability that one more run lies at least as far from the mean
  size_t rank = 1;        // 1 + number of our runs below the printed value

  // A single value has no spread.
  bool has_interval() const { return ours.runs > 1; }
};

// One value alone: for people to look at. No verdict rests on it (conformal.h).
MetricJudgement JudgeMetric(const ReferenceMetric& metric);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_STATISTICS_H_
