// The one policy for numbers that are not finite, NaN and infinities alike. Such a number
//   - is written to JSON as null, and null is read back as NaN (json_number.h);
//   - is shown as "nan", whatever its sign: the sign of a NaN differs between processors;
//   - is worse than every finite number, whichever way is better, and no better than another;
//   - is missing wherever a mean, a range or a verdict is made: nothing is based on it.
// A training whose loss or weights are not finite has diverged (engine/trainer.h).
#ifndef NABLA_FRAMEWORK_RECORD_FINITE_H_
#define NABLA_FRAMEWORK_RECORD_FINITE_H_

#include <cmath>
#include <limits>
#include <optional>

namespace nabla {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The number, or nothing where it is absent or not finite.
inline std::optional<double> FiniteOf(std::optional<double> value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

// The number as it is shown and stored: what is not finite is NaN with a positive sign.
inline double Shown(double value) { return std::isfinite(value) ? value : kNaN; }

// What to sort by where smaller is better: everything that is not finite comes last, and equal.
inline double Cost(double value) {
  return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
}

// Whether a is better than b, where smaller is better.
inline bool IsBetter(double a, double b) { return Cost(a) < Cost(b); }

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_FINITE_H_
