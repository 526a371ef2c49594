// Numbers in the JSON that a run writes: null replaces a number that is not finite (finite.h).
// Include this in .cc files only.
#ifndef NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_
#define NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_

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

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_JSON_NUMBER_H_
