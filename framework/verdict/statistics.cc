#include "framework/verdict/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iterator>
#include <limits>

namespace nabla {
namespace {

constexpr double kTwoSided = 0.975;
// Relative tolerance: binary floating point cannot represent most printed decimals exactly.
constexpr double kSlack = 1e-9;

double Allowed(const ReferenceMetric& metric) {
  return metric.rounding + kSlack * std::max(std::abs(metric.printed), metric.rounding);
}

std::vector<double> FiniteOnly(const std::vector<double>& values) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double v) { return std::isfinite(v); });
  return finite;
}

// By how much equal numbers differ that were computed in another order.
double RoundingOf(const Distribution& d) {
  constexpr double kUnits = 4;
  const double largest = std::max(std::abs(d.min), std::abs(d.max));
  return std::isfinite(largest) ? kUnits * std::numeric_limits<double>::epsilon() * largest : 0;
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
  if (d.max - d.min > RoundingOf(d)) d.std = std::sqrt(squares / (n - 1));
  return d;
}

MetricJudgement JudgeMetric(const ReferenceMetric& metric) {
  const std::vector<double> runs = FiniteOnly(metric.runs);
  MetricJudgement j{.ours = Describe(runs)};
  if (!j.has_interval()) return j;
  const Distribution& ours = j.ours;
  const double allowed = Allowed(metric);
  const double off = metric.printed - ours.mean;
  const double far = std::max(0.0, std::abs(off) - allowed);
  j.z = off / ours.std;
  if (ours.std == 0) {
    j.z = far > 0 ? std::copysign(std::numeric_limits<double>::infinity(), off) : 0;
  }
  const double n = static_cast<double>(ours.runs);
  const boost::math::students_t t(n - 1);
  const double width = std::max(ours.std, metric.rounding) * std::sqrt(1 + 1 / n);
  const double half = boost::math::quantile(t, kTwoSided) * width;
  j.low = ours.mean - half;
  j.high = ours.mean + half;
  j.inside = far <= half;
  j.in_range = metric.printed >= ours.min - allowed && metric.printed <= ours.max + allowed;
  if (far > 0) {
    const bool measurable = width > 0 && std::isfinite(far / width);
    j.p = measurable ? 2 * boost::math::cdf(boost::math::complement(t, far / width)) : 0;
  }
  for (const double run : runs) j.rank += run < metric.printed;
  return j;
}

}  // namespace nabla
