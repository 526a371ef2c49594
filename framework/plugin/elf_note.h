// Notes of ELF files: what a library says about itself before any of its code runs.
#ifndef NABLA_FRAMEWORK_PLUGIN_ELF_NOTE_H_
#define NABLA_FRAMEWORK_PLUGIN_ELF_NOTE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

// The description of the first note of `owner` and `type` in a shared library (ELF of 64 bits,
// little-endian, for the processor that this program was built for); nothing if it has none. As
// the system's loader does, it goes by the program headers; section headers may have been stripped.
// Throws InputError placed at `file` for what is no such library, and for one that is cut off: a
// program header, a segment or the table of section headers that lies beyond the end.
std::optional<std::string> ReadElfNote(std::span<const uint8_t> content, std::string_view owner,
                                       uint32_t type, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_ELF_NOTE_H_
