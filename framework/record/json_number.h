// Numbers in the JSON that a run writes: null replaces a number that is not finite (finite.h).
// Include this in .cc files only.
#ifndef NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_
#define NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "framework/record/finite.h"

namespace nabla {

// NaN for null. Throws nlohmann's exception for anything but a number or null.
template <typename Json>
double NumberFrom(const Json& json) {
  return json.is_null() ? kNaN : json.template get<double>();
}

// Nothing if the key is missing.
template <typename Json>
std::optional<double> NumberAt(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() ? std::nullopt : std::optional<double>(NumberFrom(*found));
}

// The nearest number with so many significant digits, 1 to 17, for charts. What is not finite stays
// as it is, and so does what would overflow.
inline double Rounded(double value, int digits) {
  if (!std::isfinite(value)) return value;
  char text[32];
  const auto end =
      std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific, digits - 1);
  std::from_chars(text, end.ptr, value);
  return value;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_
