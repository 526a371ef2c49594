// The fixed-size records of a zip archive, little-endian and packed as they stand in the file.
#ifndef NABLA_FRAMEWORK_FORMATS_ZIP_RECORDS_H_
#define NABLA_FRAMEWORK_FORMATS_ZIP_RECORDS_H_

#include <cstdint>

namespace nabla {

// What a member's header says in both of its places.
struct [[gnu::packed]] ZipFacts {
  uint16_t needed = 20;  // version 2.0
  uint16_t flags = 0;
  uint16_t method = 0;
  uint16_t time = 0;
  uint16_t date = 0x21;  // 1980-01-01, the earliest possible
  uint32_t crc = 0;
  uint32_t packed_size = 0;
  uint32_t size = 0;
  uint16_t name_size = 0;
  uint16_t extra_size = 0;
};

// Before a member's data; name and extra follow.
struct [[gnu::packed]] ZipLocal {
  uint32_t signature = 0x04034b50;
  ZipFacts facts;
};

// In the directory; name, extra and comment follow.
struct [[gnu::packed]] ZipEntry {
  uint32_t signature = 0x02014b50;
  uint16_t made_by = 20;
  ZipFacts facts;
  uint16_t comment_size = 0;
  uint16_t disk = 0;
  uint16_t internal_attributes = 0;
  uint32_t external_attributes = 0;
  uint32_t offset = 0;  // of the ZipLocal
};

// At the end of the file; a comment may follow.
struct [[gnu::packed]] ZipEnd {
  uint32_t signature = 0x06054b50;
  uint16_t disk = 0;
  uint16_t directory_disk = 0;
  uint16_t entries_here = 0;
  uint16_t entries = 0;
  uint32_t directory_size = 0;
  uint32_t directory_offset = 0;
  uint16_t comment_size = 0;
};

static_assert(sizeof(ZipLocal) == 30 && sizeof(ZipEntry) == 46 && sizeof(ZipEnd) == 22);

inline constexpr uint16_t kZipStored = 0;
inline constexpr uint16_t kZipDeflated = 8;
inline constexpr uint16_t kZipLevel = 0x6;   // flags: how well it was deflated, as zip -9 says
inline constexpr uint16_t kZipUtf8 = 0x800;  // flag: the name is UTF-8

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_ZIP_RECORDS_H_
