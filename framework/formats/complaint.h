// How the readers in this folder reject a file.
#ifndef NABLA_FRAMEWORK_FORMATS_COMPLAINT_H_
#define NABLA_FRAMEWORK_FORMATS_COMPLAINT_H_

#include <string>
#include <string_view>

namespace nabla {

// Throws InputError placed at `file`.
[[noreturn]] void Refuse(const std::string& file, const std::string& message);

// The text in quotes for a message: at most 60 bytes of it, Escaped.
std::string Quoted(std::string_view text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_COMPLAINT_H_
