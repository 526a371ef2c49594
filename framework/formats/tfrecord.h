// TFRecord framing, a record after another:
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

// How many of the bytes are whole and undamaged records, counted from the first one.
size_t WholeTfRecords(std::span<const uint8_t> file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_TFRECORD_H_
