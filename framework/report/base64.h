// Bytes as text.
#ifndef NABLA_FRAMEWORK_REPORT_BASE64_H_
#define NABLA_FRAMEWORK_REPORT_BASE64_H_

#include <cstdint>
#include <span>
#include <string>

namespace nabla {

// Base64 of RFC 4648, section 4, with padding.
std::string Base64(std::span<const uint8_t> bytes);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_BASE64_H_
