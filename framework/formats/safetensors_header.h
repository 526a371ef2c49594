// The JSON header of a safetensors file.
#ifndef NABLA_FRAMEWORK_FORMATS_SAFETENSORS_HEADER_H_
#define NABLA_FRAMEWORK_FORMATS_SAFETENSORS_HEADER_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "framework/formats/named_tensor.h"

namespace nabla {

// Bytes of the header alone; other programs have the same limit.
inline constexpr size_t kLargestSafetensorsHeader = 100'000'000;

inline constexpr const char* kSafetensorsMetadata = "__metadata__";

struct SafetensorsEntry {
  NamedTensor tensor;  // without its bytes
  size_t begin = 0;    // of its bytes, counted from the end of the header
  size_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in the order of the JSON text
  std::map<std::string, std::string> metadata;
};

// Checks the form: keys, types of values, no duplicates. The caller checks the offsets.
// Throws InputError placed at `file`.
SafetensorsHeader ParseSafetensorsHeader(std::string_view json, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_SAFETENSORS_HEADER_H_
