#include "framework/verdict/statistics.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace nabla {
namespace {

constexpr double kTwoSided = 0.975;
// Relative tolerance: binary floating point cannot represent most printed decimals exactly.
constexpr double kSlack = 1e-9;

double Rounded(double value, double rounding) {
  return rounding > 0 ? std::round(value / (2 * rounding)) * 2 * rounding : value;
}

double Allowed(const ReferenceMetric& metric) {
  return metric.rounding + kSlack * std::max(std::abs(metric.printed), metric.rounding);
}

// The distance of `value` from the mean, in standard deviations of one more run.
double DeviationOf(double value, double rounding, const Distribution& others) {
  const double far = std::abs(value - others.mean);
  if (far <= kSlack * std::abs(others.mean)) return 0;
  const double n = static_cast<double>(others.runs);
  return far / (std::max(others.std, rounding) * std::sqrt(1 + 1 / n));
}

// For each metric, `value` gives the curve's value and `others` the distribution to compare it
// with.
template <typename Value, typename Others>
Deviation Measure(std::span<const ReferenceMetric> metrics, Value value, Others others) {
  size_t lists = 0;
  for (const ReferenceMetric& f : metrics) lists = std::max(lists, f.list + 1);
  std::vector<double> squares(lists);
  std::vector<size_t> sizes(lists);
  Deviation deviation;
  for (size_t i = 0; i < metrics.size(); ++i) {
    const ReferenceMetric& f = metrics[i];
    if (f.unstable()) continue;
    const double d = DeviationOf(value(f), f.rounding, others(f));
    squares[f.list] += d * d;
    ++sizes[f.list];
    if (d > deviation.largest) deviation.largest_at = i;
    deviation.largest = std::max(deviation.largest, d);
  }
  double sum = 0;
  double used = 0;
  for (size_t list = 0; list < lists; ++list) {
    if (sizes[list] == 0) continue;
    sum += squares[list] / static_cast<double>(sizes[list]);
    ++used;
  }
  deviation.distance = used > 0 ? std::sqrt(sum / used) : 0;
  return deviation;
}

std::vector<double> Without(const std::vector<double>& values, size_t index) {
  std::vector<double> rest = values;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
  return rest;
}

// P(d of one more run >= `measured`). d^2 is modelled as a scaled chi-square with the mean and the
// variance of our own squares; since that mean is itself an estimate, the ratio follows F.
double Tail(double measured, const std::vector<Deviation>& ours, double Deviation::*measure) {
  std::vector<double> squares;
  for (const Deviation& d : ours) squares.push_back(d.*measure * d.*measure);
  const Distribution s = Describe(squares);
  if (s.mean == 0) return measured > 0 ? 0 : 1;
  constexpr double kMostDegrees = 1e6;
  const double variance = s.std * s.std;
  const double degrees = std::min(kMostDegrees, 2 * s.mean * s.mean / std::max(variance, 1e-300));
  const double ratio = measured * measured / s.mean;
  if (!std::isfinite(ratio)) return 0;
  const boost::math::fisher_f f(degrees, degrees * static_cast<double>(squares.size()));
  return boost::math::cdf(boost::math::complement(f, ratio));
}

bool InWideRange(const ReferenceMetric& metric) {
  const Distribution ours = Describe(metric.shifted);
  const double width = ours.max - ours.min + Allowed(metric);
  return metric.printed >= ours.min - width && metric.printed <= ours.max + width;
}

double LargestOf(const std::vector<Deviation>& ours, double Deviation::*measure) {
  double largest = 0;
  for (const Deviation& d : ours) largest = std::max(largest, d.*measure);
  return largest;
}

double Ratio(double a, double b) {
  if (b > 0) return a / b;
  return a > 0 ? std::numeric_limits<double>::infinity() : 1;
}

// Fills in `as_far` and `p`.
void Rank(CurveJudgement* judgement) {
  const double distance = LargestOf(judgement->ours, &Deviation::distance);
  const double largest = LargestOf(judgement->ours, &Deviation::largest);
  const auto outness = [&](const Deviation& d) {
    return std::max(Ratio(d.distance, distance), Ratio(d.largest, largest));
  };
  const double notebook = outness(judgement->notebook);
  for (const Deviation& d : judgement->ours) judgement->as_far += outness(d) >= notebook;
  const double n = static_cast<double>(judgement->ours.size());
  judgement->p = (static_cast<double>(judgement->as_far) + 1) / (n + 1);
  if (judgement->as_far > 0) return;
  for (const auto measure : {&Deviation::distance, &Deviation::largest}) {
    judgement->p =
        std::min(judgement->p, Tail(judgement->notebook.*measure, judgement->ours, measure));
  }
}

}  // namespace

Distribution Describe(std::span<const double> values) {
  Distribution d{.runs = values.size()};
  if (values.empty()) return d;
  d.min = *std::min_element(values.begin(), values.end());
  d.max = *std::max_element(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  for (const double v : values) d.mean += v / n;
  double squares = 0;
  for (const double v : values) squares += (v - d.mean) * (v - d.mean);
  if (d.min < d.max) d.std = std::sqrt(squares / (n - 1));
  return d;
}

MetricJudgement JudgeMetric(const ReferenceMetric& metric) {
  MetricJudgement j{.ours = Describe(metric.runs)};
  const Distribution& ours = j.ours;
  const double allowed = Allowed(metric);
  const double off = metric.printed - ours.mean;
  const double far = std::max(0.0, std::abs(off) - allowed);
  j.z = off / ours.std;
  if (ours.std == 0) {
    j.z = far > 0 ? std::copysign(std::numeric_limits<double>::infinity(), off) : 0;
  }
  j.in_wide_range = metric.unstable() && InWideRange(metric);
  const double n = static_cast<double>(ours.runs);
  const boost::math::students_t t(n - 1);
  const double width = std::max(ours.std, metric.rounding) * std::sqrt(1 + 1 / n);
  const double half = boost::math::quantile(t, kTwoSided) * width;
  j.low = ours.mean - half;
  j.high = ours.mean + half;
  j.inside = far <= half;
  j.in_range = metric.printed >= ours.min - allowed && metric.printed <= ours.max + allowed;
  if (far > 0) {
    j.p = width > 0 ? 2 * boost::math::cdf(boost::math::complement(t, far / width)) : 0;
  }
  for (const double run : metric.runs) j.rank += run < metric.printed;
  return j;
}

bool PrintsAs(double ours, const ReferenceMetric& metric) {
  return std::abs(ours - metric.printed) <= Allowed(metric);
}

std::string ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kReproduced:
      return "reproduced";
    case Verdict::kExactly:
      return "reproduced exactly";
    case Verdict::kUnusual:
      return "unusual draw";
    case Verdict::kNotReproduced:
      return "not reproduced";
    case Verdict::kNotJudged:
      break;
  }
  return "not judged";
}

CurveJudgement JudgeCurve(std::span<const ReferenceMetric> metrics) {
  CurveJudgement judgement;
  if (metrics.empty() || metrics[0].runs.size() < kFewestRuns) return judgement;
  std::vector<ReferenceMetric> rounded(metrics.begin(), metrics.end());
  for (ReferenceMetric& f : rounded) {
    for (double& run : f.runs) run = Rounded(run, f.rounding);
  }
  judgement.notebook = Measure(
      rounded, [](const ReferenceMetric& f) { return f.printed; },
      [](const ReferenceMetric& f) { return Describe(f.runs); });
  for (size_t run = 0; run < metrics[0].runs.size(); ++run) {
    judgement.ours.push_back(Measure(
        rounded, [run](const ReferenceMetric& f) { return f.runs[run]; },
        [run](const ReferenceMetric& f) { return Describe(Without(f.runs, run)); }));
  }
  Rank(&judgement);
  judgement.verdict = judgement.p < kImpossibleP ? Verdict::kNotReproduced
                      : judgement.p < kUnusualP  ? Verdict::kUnusual
                                                 : Verdict::kReproduced;
  for (const ReferenceMetric& f : metrics) {
    if (f.unstable() && !InWideRange(f)) judgement.verdict = Verdict::kNotReproduced;
  }
  return judgement;
}

}  // namespace nabla
