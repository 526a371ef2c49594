#include "framework/plugin/elf_note.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "framework/base/bytes.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

using Bytes = std::vector<uint8_t>;

void AddPadded(const std::string& text, size_t alignment, Bytes* out) {
  out->insert(out->end(), text.begin(), text.end());
  while (out->size() % alignment != 0) out->push_back(0);
}

struct Note {
  std::string owner;
  uint32_t type;
  std::string text;
};

Bytes Notes(const std::vector<Note>& notes, size_t alignment) {
  Bytes out;
  for (const Note& n : notes) {
    AppendBytes(Elf64_Nhdr{static_cast<Elf64_Word>(n.owner.size() + 1),
                           static_cast<Elf64_Word>(n.text.size()), n.type},
                &out);
    AddPadded(n.owner + '\0', alignment, &out);
    AddPadded(n.text, alignment, &out);
  }
  return out;
}

struct Library {
  Elf64_Ehdr header = {};
  Elf64_Phdr segment = {};

  explicit Library(size_t bytes, uint64_t alignment = 4) {
    const unsigned char ident[] = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT};
    std::copy(std::begin(ident), std::end(ident), header.e_ident);
    header.e_type = ET_DYN;
#if defined(__x86_64__)
    header.e_machine = EM_X86_64;
#else
    header.e_machine = EM_AARCH64;
#endif
    header.e_phoff = sizeof(header);
    header.e_phentsize = sizeof(segment);
    header.e_phnum = 1;
    segment.p_type = PT_NOTE;
    segment.p_offset = sizeof(header) + sizeof(segment);
    segment.p_filesz = bytes;
    segment.p_align = alignment;
  }

  Bytes With(const Bytes& notes) const {
    Bytes file;
    AppendBytes(header, &file);
    AppendBytes(segment, &file);
    file.insert(file.end(), notes.begin(), notes.end());
    return file;
  }
};

const std::vector<Note> kNotes = {{"GNU", 3, "abcde"}, {"mine", 2, "other"}, {"mine", 1, "this"}};

TEST(ElfNote, IsFoundByOwnerAndType) {
  for (const size_t alignment : {4, 8}) {
    const Bytes notes = Notes(kNotes, alignment);
    const Bytes file = Library(notes.size(), alignment).With(notes);
    EXPECT_EQ(ReadElfNote(file, "mine", 1, "x.so"), "this") << alignment;
    EXPECT_EQ(ReadElfNote(file, "mine", 2, "x.so"), "other");
    EXPECT_EQ(ReadElfNote(file, "mine", 3, "x.so"), std::nullopt);
    EXPECT_EQ(ReadElfNote(file, "min", 1, "x.so"), std::nullopt);
  }
}

TEST(ElfNote, RefusesWhatTheProgramCannotLoad) {
  const Bytes notes = Notes(kNotes, 4);
  const auto refusal = [&](const std::function<void(Library*)>& change) {
    Library library(notes.size());
    change(&library);
    return Complaint("x.so", [&] { ReadElfNote(library.With(notes), "mine", 1, "x.so"); });
  };
  EXPECT_EQ(refusal([](Library*) {}), "");
  EXPECT_EQ(refusal([](Library* l) { l->header.e_ident[0] = 0; }), "is not a library");
  const std::string processor = "was built for another processor";
  EXPECT_EQ(refusal([](Library* l) { l->header.e_ident[EI_CLASS] = ELFCLASS32; }), processor);
  EXPECT_EQ(refusal([](Library* l) { l->header.e_ident[EI_DATA] = ELFDATA2MSB; }), processor);
  EXPECT_EQ(refusal([](Library* l) { l->header.e_machine = EM_S390; }), processor);
  EXPECT_EQ(refusal([](Library* l) { l->header.e_type = ET_EXEC; }), "is not a shared library");
  EXPECT_EQ(refusal([](Library* l) { l->header.e_phentsize = 1; }),
            "has program headers of another size");
  for (const uint64_t far : {uint64_t{1} << 20, ~uint64_t{0}, ~uint64_t{0} - 63}) {
    EXPECT_EQ(refusal([=](Library* l) { l->header.e_phoff = far; }), "is truncated");
    EXPECT_EQ(refusal([=](Library* l) { l->header.e_shoff = far; }), "is truncated");
    EXPECT_EQ(refusal([=](Library* l) { l->segment.p_offset = far; }), "is truncated");
    EXPECT_EQ(refusal([=](Library* l) { l->segment.p_filesz = far; }), "is truncated");
  }
  EXPECT_EQ(refusal([](Library* l) { l->header.e_phnum = 0xffff; }), "is truncated");
  EXPECT_EQ(refusal([](Library* l) { l->segment.p_filesz -= 5; }), "has a truncated note");
}

TEST(ElfNote, AnyDamageIsRefusedOrHarmless) {
  const Bytes notes = Notes(kNotes, 4);
  const auto read = [](std::span<const uint8_t> file) {
    Complaint("x.so", [&] { ReadElfNote(file, "mine", 1, "x.so"); });
  };
  Damage(
      Library(notes.size()).With(notes), [&](size_t, std::span<const uint8_t> file) { read(file); },
      [&](size_t length, std::span<const uint8_t> file) {
        EXPECT_NE(Complaint("x.so", [&] { ReadElfNote(file, "mine", 1, "x.so"); }), "") << length;
      });
}

}  // namespace
}  // namespace nabla
