#include "framework/formats/tfrecord.h"

#include <bit>

#include "framework/base/bytes.h"
#include "framework/formats/crc32c.h"

namespace nabla {
namespace {

constexpr size_t kBefore = sizeof(uint64_t) + sizeof(uint32_t);
constexpr size_t kAfter = sizeof(uint32_t);

// The format masks checksums, because the CRC of data that contains its own CRC is weak.
uint32_t MaskedCrc(std::span<const uint8_t> data) {
  return std::rotr(Crc32c(data), 15) + 0xa282ead8;
}

uint32_t CrcAt(std::span<const uint8_t> file, size_t position) {
  file = file.subspan(position);
  return TakeBytes<uint32_t>(&file);
}

}  // namespace

std::vector<uint8_t> TfRecord(std::span<const uint8_t> data) {
  std::vector<uint8_t> record;
  record.reserve(kBefore + data.size() + kAfter);
  AppendBytes(uint64_t{data.size()}, &record);
  AppendBytes(MaskedCrc(record), &record);
  record.insert(record.end(), data.begin(), data.end());
  AppendBytes(MaskedCrc(data), &record);
  return record;
}

size_t WholeTfRecords(std::span<const uint8_t> file) {
  size_t whole = 0;
  for (;;) {
    const std::span<const uint8_t> rest = file.subspan(whole);
    if (rest.size() < kBefore + kAfter) return whole;
    std::span<const uint8_t> head = rest.first(sizeof(uint64_t));
    if (MaskedCrc(head) != CrcAt(rest, sizeof(uint64_t))) return whole;
    const uint64_t length = TakeBytes<uint64_t>(&head);
    if (length > rest.size() - kBefore - kAfter) return whole;
    const std::span<const uint8_t> data = rest.subspan(kBefore, length);
    if (MaskedCrc(data) != CrcAt(rest, kBefore + length)) return whole;
    whole += kBefore + length + kAfter;
  }
}

}  // namespace nabla
