// Unpacking gzip (RFC 1952).
#ifndef NABLA_FRAMEWORK_DATA_GZIP_H_
#define NABLA_FRAMEWORK_DATA_GZIP_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "framework/data/bytes.h"

namespace nabla {

// Whether the data starts like a gzip member: 1f 8b.
bool LooksLikeGzip(std::span<const uint8_t> data);

// The unpacked bytes of all members of `packed`, at most max_size of them.
// Throws InputError, placed at `name`, for data that is not gzip, is truncated or corrupt, has
// bytes after its last member, or unpacks to more than max_size (detected before that much is
// written).
Bytes Gunzip(std::span<const uint8_t> packed, size_t max_size, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_GZIP_H_
