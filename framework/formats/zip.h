// Zip archives (PKWARE's APPNOTE 6.3), as far as npz files need them.
#ifndef NABLA_FRAMEWORK_FORMATS_ZIP_H_
#define NABLA_FRAMEWORK_FORMATS_ZIP_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nabla {

struct ZipMember {
  std::string name;  // UTF-8
  std::vector<uint8_t> bytes;

  bool operator==(const ZipMember&) const = default;
};

// All members of an archive together, unpacked.
inline constexpr size_t kMostUnpacked = size_t{1} << 30;

// The archive's bytes, members stored as they are, dated 1980-01-01: the same input gives the same
// bytes. Throws RunError for what needs the 64-bit form: 4 GiB or 65535 members.
std::vector<uint8_t> WriteZip(std::span<const ZipMember> members);

// The members, stored or deflated, in the order of their data. Sizes are checked before memory is
// taken, checksums afterwards. Throws InputError placed at `name`: not a zip file or a damaged one,
// gaps, overlaps, comments, encryption, 64-bit sizes, other compressions, duplicate names, and
// bombs: more than kMostUnpacked bytes, or a member that unpacks to more than deflate can, 1032
// times its size.
std::vector<ZipMember> ReadZip(std::span<const uint8_t> data, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_ZIP_H_
