#include <zlib.h>

#include "framework/base/bytes.h"
#include "framework/base/error.h"
#include "framework/base/utf8.h"
#include "framework/formats/zip.h"
#include "framework/formats/zip_records.h"

namespace nabla {
namespace {

// The largest value of a 16- or 32-bit count is reserved for "look in the 64-bit records".
constexpr size_t kMaxMembers = 0xfffe;
constexpr size_t kMaxSize = 0xfffffffe;

void CheckSizes(std::span<const ZipMember> members) {
  size_t size = sizeof(ZipEnd);
  bool names_fit = true;
  for (const ZipMember& member : members) {
    names_fit = names_fit && member.name.size() <= 0xffff;
    size += sizeof(ZipLocal) + sizeof(ZipEntry) + 2 * member.name.size() + member.bytes.size();
  }
  if (size <= kMaxSize && members.size() <= kMaxMembers && names_fit) return;
  throw RunError("too much for an npz file: at most 4 GiB, 65534 arrays and 64 KiB for a name");
}

ZipFacts FactsOf(const ZipMember& member) {
  ZipFacts facts;
  facts.flags = IsAscii(member.name) ? 0 : kZipUtf8;
  facts.method = kZipStored;
  facts.crc = static_cast<uint32_t>(crc32_z(0, member.bytes.data(), member.bytes.size()));
  facts.packed_size = static_cast<uint32_t>(member.bytes.size());
  facts.size = facts.packed_size;
  facts.name_size = static_cast<uint16_t>(member.name.size());
  return facts;
}

template <typename Range>
void AppendAll(const Range& range, std::vector<uint8_t>* out) {
  out->insert(out->end(), range.begin(), range.end());
}

}  // namespace

std::vector<uint8_t> WriteZip(std::span<const ZipMember> members) {
  CheckSizes(members);
  std::vector<uint8_t> out;
  std::vector<uint8_t> directory;
  for (const ZipMember& member : members) {
    ZipEntry entry;
    entry.facts = FactsOf(member);
    entry.offset = static_cast<uint32_t>(out.size());
    AppendBytes(entry, &directory);
    AppendAll(member.name, &directory);
    ZipLocal local;
    local.facts = entry.facts;
    AppendBytes(local, &out);
    AppendAll(member.name, &out);
    AppendAll(member.bytes, &out);
  }
  ZipEnd end;
  end.entries = end.entries_here = static_cast<uint16_t>(members.size());
  end.directory_size = static_cast<uint32_t>(directory.size());
  end.directory_offset = static_cast<uint32_t>(out.size());
  AppendAll(directory, &out);
  AppendBytes(end, &out);
  return out;
}

}  // namespace nabla
