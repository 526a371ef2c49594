// TFRecord framing, one record after another:
//   length (uint64), masked CRC-32C of the length, data, masked CRC-32C of the data.
#ifndef NABLA_FRAMEWORK_FORMATS_TFRECORD_H_
#define NABLA_FRAMEWORK_FORMATS_TFRECORD_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nabla {

// One framed record.
std::vector<uint8_t> TfRecord(std::span<const uint8_t> data);

// The number of bytes at the beginning that are complete and undamaged records.
size_t WholeTfRecords(std::span<const uint8_t> file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_TFRECORD_H_
