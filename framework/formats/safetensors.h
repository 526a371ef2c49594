// The safetensors format: the length of a JSON header (8 bytes), the header, the numbers.
#ifndef NABLA_FRAMEWORK_FORMATS_SAFETENSORS_H_
#define NABLA_FRAMEWORK_FORMATS_SAFETENSORS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/formats/named_tensor.h"

namespace nabla {

struct SafetensorsFile {
  std::vector<NamedTensor> tensors;             // in the order of their numbers in the file
  std::map<std::string, std::string> metadata;  // UTF-8

  bool operator==(const SafetensorsFile&) const = default;
};

// The file's bytes, tensors in the given order; the numbers begin at a multiple of 8.
// Throws InputError without a place: see CheckTensors, a tensor called "__metadata__", metadata
// that is not UTF-8, a header of more than 100 MB.
std::vector<uint8_t> WriteSafetensors(const SafetensorsFile& file);

// Reads what WriteSafetensors or another program wrote. Everything is checked before the numbers
// are copied. Throws InputError placed at `name` for anything but a sound file: a header of more
// than 100 MB or that is not the JSON it should be, a duplicate name, an unknown type, numbers that
// overlap, leave a hole or miss the end, or do not match type and shape.
SafetensorsFile ReadSafetensors(std::span<const uint8_t> data, const std::string& name);

// XXH3-128, as hex digits, of all tensors in their order (name, type, shape, numbers) and all
// metadata except the key `left_out`, under which a writer may store this hash.
std::string ContentHash(const SafetensorsFile& file, std::string_view left_out);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_SAFETENSORS_H_
