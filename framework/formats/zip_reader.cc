#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "framework/base/bytes.h"
#include "framework/base/error.h"
#include "framework/base/utf8.h"
#include "framework/formats/complaint.h"
#include "framework/formats/zip.h"
#include "framework/formats/zip_records.h"

namespace nabla {
namespace {

constexpr size_t kMostRatio = 1032;  // of deflate: 258 bytes from two bits
constexpr int kRawDeflate = -15;     // largest window, no header

struct Listed {
  ZipEntry entry;
  std::string name;
};

// An archive being read; every error names the file, and the member if there is one.
class Archive {
 public:
  Archive(std::span<const uint8_t> data, const std::string& file) : data_(data), file_(file) {}

  std::vector<ZipMember> Read();

 private:
  [[noreturn]] void Fail(const std::string& message) const { Refuse(file_, message); }
  [[noreturn]] void Fail(const std::string& member, const std::string& message) const {
    Fail("member " + Quoted(member) + ": " + message);
  }

  std::vector<Listed> Directory();
  Listed TakeEntry(std::span<const uint8_t>* directory) const;
  void CheckEntry(const Listed& listed) const;
  std::span<const uint8_t> PackedAt(const Listed& listed, size_t begin) const;
  void CheckLocal(const Listed& listed, const ZipLocal& local,
                  std::span<const uint8_t> extra) const;
  std::vector<uint8_t> Unpack(const Listed& listed, std::span<const uint8_t> packed) const;

  std::span<const uint8_t> data_;
  const std::string& file_;
  size_t directory_begin_ = 0;
};

std::string TakeText(size_t size, std::span<const uint8_t>* in) {
  const std::span<const uint8_t> bytes = in->first(size);
  std::string text(bytes.begin(), bytes.end());
  *in = in->subspan(size);
  return text;
}

std::vector<ZipMember> Archive::Read() {
  std::vector<Listed> directory = Directory();
  std::ranges::stable_sort(directory, {}, [](const Listed& l) { return uint32_t{l.entry.offset}; });
  std::vector<ZipMember> members;
  size_t expected = 0;
  for (Listed& listed : directory) {
    if (listed.entry.offset != expected) {
      Fail(listed.name, "begins at byte " + std::to_string(listed.entry.offset) +
                            ", but the one before it ends at " + std::to_string(expected));
    }
    const std::span<const uint8_t> packed = PackedAt(listed, expected);
    expected = static_cast<size_t>(packed.data() + packed.size() - data_.data());
    std::vector<uint8_t> bytes = Unpack(listed, packed);
    members.push_back({std::move(listed.name), std::move(bytes)});
  }
  if (expected != directory_begin_) {
    Fail(std::to_string(directory_begin_ - expected) + " bytes belong to no member");
  }
  return members;
}

std::vector<Listed> Archive::Directory() {
  const ZipEnd sound;
  if (data_.size() < sizeof(ZipEnd)) Fail("too short for a zip file");
  std::span<const uint8_t> tail = data_.last(sizeof(ZipEnd));
  const ZipEnd end = TakeBytes<ZipEnd>(&tail);
  if (end.signature != sound.signature || end.comment_size != 0) {
    Fail("not a zip file, or truncated: its last record is missing");
  }
  const size_t before = data_.size() - sizeof(ZipEnd);
  const size_t begin = end.directory_offset;
  const size_t size = end.directory_size;
  if (end.disk != 0 || end.directory_disk != 0 || end.entries_here != end.entries ||
      begin > before || size != before - begin || end.entries > size / sizeof(ZipEntry)) {
    Fail("the zip directory is damaged, split or in the 64-bit form");
  }
  directory_begin_ = begin;
  std::span<const uint8_t> rest = data_.subspan(begin, size);
  std::vector<Listed> directory;
  std::set<std::string> names;
  size_t unpacked = 0;
  for (size_t i = 0; i < end.entries; ++i) {
    directory.push_back(TakeEntry(&rest));
    CheckEntry(directory.back());
    unpacked += directory.back().entry.facts.size;
    if (unpacked > kMostUnpacked) Fail("unpacks to more than 1 GiB");
    const std::string& name = directory.back().name;
    if (!names.insert(name).second) Fail(name, "occurs twice");
  }
  if (!rest.empty()) Fail("the zip directory has extra bytes");
  return directory;
}

Listed Archive::TakeEntry(std::span<const uint8_t>* directory) const {
  const ZipEntry sound;
  if (directory->size() < sizeof(ZipEntry)) Fail("the zip directory is truncated");
  const ZipEntry entry = TakeBytes<ZipEntry>(directory);
  const size_t texts = size_t{entry.facts.name_size} + entry.facts.extra_size + entry.comment_size;
  if (entry.signature != sound.signature || texts > directory->size()) {
    Fail("the zip directory is damaged");
  }
  std::string name = TakeText(entry.facts.name_size, directory);
  *directory = directory->subspan(texts - entry.facts.name_size);
  return {entry, std::move(name)};
}

void Archive::CheckEntry(const Listed& listed) const {
  const ZipFacts& facts = listed.entry.facts;
  if ((facts.flags & ~(kZipUtf8 | kZipLevel)) != 0)
    Fail(listed.name, "is encrypted or in an unknown form");
  const bool utf8 = (facts.flags & kZipUtf8) != 0;
  if (!(utf8 ? IsUtf8(listed.name) : IsAscii(listed.name))) {
    Fail(listed.name, "the name is neither ASCII nor marked as UTF-8");
  }
  if (listed.entry.disk != 0) Fail(listed.name, "is on another disk");
  if (facts.method != kZipStored && facts.method != kZipDeflated) {
    Fail(listed.name, "unknown compression method " + std::to_string(facts.method));
  }
  if (facts.method == kZipStored && facts.size != facts.packed_size) {
    Fail(listed.name, "is stored, but its two sizes differ");
  }
  if (facts.size > kMostRatio * size_t{facts.packed_size}) {
    Fail(listed.name, "claims to unpack to more than 1032 times its size");
  }
}

std::span<const uint8_t> Archive::PackedAt(const Listed& listed, size_t begin) const {
  const ZipFacts& facts = listed.entry.facts;
  std::span<const uint8_t> rest = data_.subspan(begin, directory_begin_ - begin);
  if (rest.size() < sizeof(ZipLocal)) Fail(listed.name, "runs into the zip directory");
  const ZipLocal local = TakeBytes<ZipLocal>(&rest);
  const size_t texts = size_t{local.facts.name_size} + local.facts.extra_size;
  if (texts > rest.size() || facts.packed_size > rest.size() - texts) {
    Fail(listed.name, "runs into the zip directory");
  }
  if (TakeText(local.facts.name_size, &rest) != listed.name) {
    Fail(listed.name, "has a different name in its own header");
  }
  CheckLocal(listed, local, rest.first(local.facts.extra_size));
  return rest.subspan(local.facts.extra_size, facts.packed_size);
}

// The header before the data must say what the directory says. In the former NumPy puts the sizes
// into a 64-bit extra field: number 1, 16 bytes, size, packed size.
void Archive::CheckLocal(const Listed& listed, const ZipLocal& local,
                         std::span<const uint8_t> extra) const {
  const ZipLocal sound;
  const ZipFacts& here = local.facts;
  const ZipFacts& there = listed.entry.facts;
  uint64_t size = here.size;
  uint64_t packed_size = here.packed_size;
  if (here.size == 0xffffffff && extra.size() == 20 && TakeBytes<uint32_t>(&extra) == 0x100001) {
    size = TakeBytes<uint64_t>(&extra);
    packed_size = TakeBytes<uint64_t>(&extra);
  }
  if (local.signature != sound.signature || here.flags != there.flags ||
      here.method != there.method || here.time != there.time || here.date != there.date ||
      here.crc != there.crc || size != there.size || packed_size != there.packed_size) {
    Fail(listed.name, "its header and the zip directory contradict each other");
  }
}

std::vector<uint8_t> Archive::Unpack(const Listed& listed, std::span<const uint8_t> packed) const {
  const ZipFacts& facts = listed.entry.facts;
  std::vector<uint8_t> bytes;
  if (facts.method == kZipStored) {
    bytes.assign(packed.begin(), packed.end());
  } else {
    bytes.resize(facts.size);
    uint8_t none = 0;  // zlib needs an address even if there is nothing to write
    z_stream stream = {};
    if (inflateInit2(&stream, kRawDeflate) != Z_OK) throw RunError("zlib cannot start");
    stream.next_in = const_cast<Bytef*>(packed.data());
    stream.avail_in = facts.packed_size;
    stream.next_out = bytes.empty() ? &none : bytes.data();
    stream.avail_out = facts.size;
    const int status = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (status != Z_STREAM_END || stream.avail_in != 0 || stream.avail_out != 0) {
      Fail(listed.name, "the compressed data is damaged or has the wrong size");
    }
  }
  if (crc32_z(0, bytes.data(), bytes.size()) != facts.crc) {
    Fail(listed.name, "the checksum does not match the data");
  }
  return bytes;
}

}  // namespace

std::vector<ZipMember> ReadZip(std::span<const uint8_t> data, const std::string& name) {
  return Archive(data, name).Read();
}

}  // namespace nabla
