// UTF-8 (RFC 3629).
#ifndef NABLA_FRAMEWORK_BASE_UTF8_H_
#define NABLA_FRAMEWORK_BASE_UTF8_H_

#include <string_view>

namespace nabla {

// Whether the text is well-formed: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

bool IsAscii(std::string_view text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_UTF8_H_
