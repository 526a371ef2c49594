// A note that is found is text of the file.
#include "framework/plugin/elf_note.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  std::optional<std::string> note;
  if (!Accepts([&] { note = ReadElfNote({data, size}, "nabla", 1, "fuzz"); })) return 0;
  if (!note) return 0;
  const auto found = std::search(data, data + size, note->begin(), note->end(), [](auto a, auto b) {
    return static_cast<uint8_t>(a) == static_cast<uint8_t>(b);
  });
  Require(note->empty() || found != data + size, "what is read stands in the file");
  return 0;
}
