// NumPy's .npy format, version 1.0: a header in Python's notation, then the numbers.
#ifndef NABLA_FRAMEWORK_FORMATS_NPY_H_
#define NABLA_FRAMEWORK_FORMATS_NPY_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/formats/named_tensor.h"

namespace nabla {

// The file's bytes, which do not include the tensor's name. The numbers begin at a multiple of 64.
// Throws InputError for a shape whose text does not fit into the header's 64 KiB.
std::vector<uint8_t> WriteNpy(const NamedTensor& tensor);

// A tensor called `tensor` from the bytes of a .npy file. Numbers of other types than a tensor's
// become those of one that holds them all: float16 float32, bool bytes 0 and 1, int8, int16 and
// uint16 int32, uint32 and uint64 int64; big-endian ones are turned, and Fortran's order (the first
// index counts fastest) becomes that of C. Throws InputError placed at `file`, with the tensor's
// name and, where there is one, the call in NumPy that helps, for anything else.
NamedTensor ReadNpy(std::span<const uint8_t> data, const std::string& tensor,
                    const std::string& file);

// Whether the bytes begin as a .npy file of any version.
bool LooksLikeNpy(std::span<const uint8_t> data);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_NPY_H_
