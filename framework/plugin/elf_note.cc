#include "framework/plugin/elf_note.h"

#include <elf.h>

#include <cstring>
#include <vector>

#include "framework/base/bytes.h"
#include "framework/formats/complaint.h"

namespace nabla {
namespace {

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
#endif

using Bytes = std::span<const uint8_t>;

// The bytes [offset, offset + size), or nothing if they are not all within `content`.
std::optional<Bytes> Part(Bytes content, uint64_t offset, uint64_t size) {
  if (offset > content.size() || size > content.size() - offset) return std::nullopt;
  return content.subspan(offset, size);
}

Elf64_Ehdr ReadHeader(const Bytes content, const std::string& file) {
  if (content.size() < SELFMAG || std::memcmp(content.data(), ELFMAG, SELFMAG) != 0) {
    Refuse(file, "is not a library");
  }
  if (content.size() < sizeof(Elf64_Ehdr)) Refuse(file, "is truncated");
  Bytes rest = content;
  const auto header = TakeBytes<Elf64_Ehdr>(&rest);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kMachine) {
    Refuse(file, "was built for another processor");
  }
  if (header.e_type != ET_DYN) Refuse(file, "is not a shared library");
  if (header.e_phentsize != sizeof(Elf64_Phdr)) Refuse(file, "has program headers of another size");
  // No overflow: a product of two 16-bit numbers.
  const uint64_t sections = uint64_t{header.e_shnum} * header.e_shentsize;
  if (!Part(content, header.e_shoff, sections)) Refuse(file, "is truncated");
  return header;
}

std::vector<Elf64_Phdr> ReadSegments(Bytes content, const std::string& file) {
  const Elf64_Ehdr header = ReadHeader(content, file);
  auto table = Part(content, header.e_phoff, uint64_t{header.e_phnum} * sizeof(Elf64_Phdr));
  if (!table) Refuse(file, "is truncated");
  std::vector<Elf64_Phdr> segments;
  while (!table->empty()) {
    segments.push_back(TakeBytes<Elf64_Phdr>(&*table));
    const Elf64_Phdr& segment = segments.back();
    if (segment.p_type != PT_NULL && !Part(content, segment.p_offset, segment.p_filesz)) {
      Refuse(file, "is truncated");
    }
  }
  return segments;
}

// A note consists of the sizes of name and description, the type, the name, which ends with a zero,
// and the description. Name and description are padded to multiples of `alignment`, counted from
// the first note; the last description may lack its padding.
std::optional<std::string> Find(const Bytes notes, uint64_t alignment, std::string_view owner,
                                uint32_t type, const std::string& file) {
  const auto padded = [alignment](uint64_t end) {
    return (end + alignment - 1) / alignment * alignment;
  };
  // No overflow: each step adds less than 2^33 to an offset within the file.
  for (uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= notes.size();) {
    Bytes rest = notes.subspan(at);
    const auto note = TakeBytes<Elf64_Nhdr>(&rest);
    at += sizeof(Elf64_Nhdr);
    const auto name = Part(notes, at, note.n_namesz);
    at = padded(at + note.n_namesz);
    const auto description = Part(notes, at, note.n_descsz);
    at = padded(at + note.n_descsz);
    if (!name || !description) Refuse(file, "has a truncated note");
    const std::string_view text(reinterpret_cast<const char*>(name->data()), name->size());
    if (note.n_type != type || text.substr(0, text.find('\0')) != owner) continue;
    return std::string(description->begin(), description->end());
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ReadElfNote(std::span<const uint8_t> content, std::string_view owner,
                                       uint32_t type, const std::string& file) {
  for (const Elf64_Phdr& segment : ReadSegments(content, file)) {
    if (segment.p_type != PT_NOTE) continue;
    const Bytes notes = content.subspan(segment.p_offset, segment.p_filesz);
    const auto found = Find(notes, segment.p_align == 8 ? 8 : 4, owner, type, file);
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace nabla
