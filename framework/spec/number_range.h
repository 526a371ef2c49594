// A range of numbers that a sweep draws from.
#ifndef NABLA_FRAMEWORK_SPEC_NUMBER_RANGE_H_
#define NABLA_FRAMEWORK_SPEC_NUMBER_RANGE_H_

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "framework/config/fields.h"

namespace nabla {

enum class RangeScale { kLinear, kLog };

template <>
struct EnumNames<RangeScale> {
  static constexpr std::pair<RangeScale, const char*> kNames[] = {{RangeScale::kLinear, "linear"},
                                                                  {RangeScale::kLog, "log"}};
};

// Numbers to draw from: integers if both ends are written as integers, or if the key takes no
// others.
struct NumberRange {
  double from = 0;
  double to = 1;
  RangeScale scale = RangeScale::kLinear;

  template <typename V>
  static void Fields(V& v) {
    v("from", &NumberRange::from, {.doc = "the smallest number", .required = true});
    v("to", &NumberRange::to, {.doc = "the largest number", .required = true});
    v("scale", &NumberRange::scale,
      {.doc = "whether the numbers or their logarithms are uniformly distributed"});
  }
};

// From range.from for u = 0 to `top` for u = 1.
inline double NumberAt(double u, const NumberRange& range, double top) {
  double value = 0;
  if (range.scale == RangeScale::kLog) {
    const double ratio = top / range.from;
    value = std::isfinite(ratio) ? range.from * std::pow(ratio, u)
                                 : std::exp((1 - u) * std::log(range.from) + u * std::log(top));
  } else {
    const double width = top - range.from;
    value = std::isfinite(width) ? range.from + u * width : (1 - u) * range.from + u * top;
  }
  return std::clamp(value, range.from, top);
}

// The number with six digits, or as many as tell ten numbers of the range apart and leave this one
// in it.
inline std::string TextIn(const NumberRange& range, double value) {
  constexpr int kAllDigits = 17;
  const double largest = std::max(std::abs(range.from), std::abs(range.to));
  int digits = 6;
  double unit = std::pow(10, std::floor(std::log10(largest)) + 1 - digits);
  for (; unit > (range.to - range.from) / 10 && digits < kAllDigits; unit /= 10) ++digits;
  for (; digits < kAllDigits; ++digits) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    const double read = std::strtod(text.c_str(), nullptr);
    if (range.from <= read && read <= range.to) return text;
  }
  return PrintDouble(value).text;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_NUMBER_RANGE_H_
