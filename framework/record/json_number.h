// Numbers in the JSON that a run writes: null replaces a number that is not finite (finite.h).
// Include this in .cc files only.
#ifndef NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_
#define NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_

#include <charconv>
#include <cmath>
#include <concepts>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

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

// A whole number, or a list of them, of whatever type takes it. nlohmann would cut off a fraction
// and wrap what is out of range, which is undefined for 1e24. Throws std::out_of_range for both and
// nlohmann's exception for what is no number.
template <typename Json>
class Whole {
 public:
  explicit Whole(const Json& json) : json_(json) {}

  template <std::integral T>
  operator T() const {
    return As<T>(json_);
  }

  template <std::integral T>
  operator std::vector<T>() const {
    std::vector<T> numbers;
    numbers.reserve(json_.size());
    for (const Json& json : json_) numbers.push_back(As<T>(json));
    return numbers;
  }

 private:
  template <typename T>
  static T As(const Json& json) {
    const bool fits =
        json.is_number_unsigned()
            ? std::in_range<T>(json.template get<uint64_t>())
            : json.is_number_integer() && std::in_range<T>(json.template get<int64_t>());
    if (!fits) throw std::out_of_range(json.dump() + " is not a whole number in range");
    return json.template get<T>();
  }

  const Json& json_;
};

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
