// Notes in ELF files: what a library says about itself before any of its code runs.
#ifndef NABLA_FRAMEWORK_PLUGIN_ELF_NOTE_H_
#define NABLA_FRAMEWORK_PLUGIN_ELF_NOTE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

// The description of the first note of `owner` and `type` in a shared library (64-bit ELF,
// little-endian, for the processor that this program was built for); nothing if it has none. Like
// the system's loader, it reads program headers, because section headers may have been stripped.
// Throws InputError placed at `file` if it is not such a library or is truncated: a program header,
// a segment or the table of section headers ends beyond the end of the file.
std::optional<std::string> ReadElfNote(std::span<const uint8_t> content, std::string_view owner,
                                       uint32_t type, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_ELF_NOTE_H_
