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

// A tensor called `tensor` from the bytes of a .npy file: <f4, <f8, |u1, <i4 or <i8, rows first
// (C order). Throws InputError placed at `file`, with the tensor's name, for anything else.
NamedTensor ReadNpy(std::span<const uint8_t> data, const std::string& tensor,
                    const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_NPY_H_
