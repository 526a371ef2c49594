// CRC-32C (Castagnoli), the checksum of TFRecord files.
#ifndef NABLA_FRAMEWORK_FORMATS_CRC32C_H_
#define NABLA_FRAMEWORK_FORMATS_CRC32C_H_

#include <cstdint>
#include <span>

namespace nabla {

uint32_t Crc32c(std::span<const uint8_t> data);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_CRC32C_H_
