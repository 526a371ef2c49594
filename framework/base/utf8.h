// UTF-8 (RFC 3629).
#ifndef NABLA_FRAMEWORK_BASE_UTF8_H_
#define NABLA_FRAMEWORK_BASE_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace nabla {

// How many bytes the character at the front of a text, which must not be empty, has; 0 if there is
// no well-formed one.
size_t CharacterBytes(std::string_view text);

// Whether the text is well-formed: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

bool IsAscii(std::string_view text);

// The text with \x1b for a control character, which a terminal might obey or which breaks a line,
// and for each byte that is not UTF-8.
std::string Escaped(std::string_view text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_UTF8_H_
