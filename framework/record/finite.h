// The one policy for numbers that are not finite, NaN and infinities alike. Such a number
//   - is written to JSON as null, and null is read back as NaN (json_number.h);
//   - is shown as "nan", whatever its sign: the sign of a NaN differs between processors;
//   - is worse than every finite number, whether smaller or larger is better, and equal to others
//     that are not finite;
//   - counts as missing in every mean, range and verdict.
// A metric that is undefined on its rows, as the area under a curve of rows of one class, is such a
// number. A training whose loss or weights are not finite has diverged (engine/trainer.h).
#ifndef NABLA_FRAMEWORK_RECORD_FINITE_H_
#define NABLA_FRAMEWORK_RECORD_FINITE_H_

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace nabla {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The number, or nothing if it is absent or not finite.
inline std::optional<double> FiniteOf(std::optional<double> value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

// The number as it is shown and stored: a positive NaN replaces every number that is not finite.
inline double Shown(double value) { return std::isfinite(value) ? value : kNaN; }

// The sort key if smaller is better: all numbers that are not finite are equal and come last.
inline double Cost(double value) {
  return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
}

// The values of a metric in some runs that a mean over them is of: without those that are not
// finite, unless all are. A loss keeps them, as its run has diverged.
inline std::vector<double> KnownOf(std::string_view metric, std::vector<double> values) {
  const auto finite = [](double value) { return std::isfinite(value); };
  if (metric.ends_with("_loss") || std::ranges::none_of(values, finite)) return values;
  std::erase_if(values, [&](double value) { return !finite(value); });
  return values;
}

// Whether a is better than b, if smaller is better.
inline bool IsBetter(double a, double b) { return Cost(a) < Cost(b); }

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_FINITE_H_
