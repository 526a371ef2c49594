// SHA-256 (FIPS 180-4), for downloads whose digest is published.
#ifndef NABLA_FRAMEWORK_BASE_SHA256_H_
#define NABLA_FRAMEWORK_BASE_SHA256_H_

#include <cstdint>
#include <span>
#include <string>

namespace nabla {

// 64 lower-case hex digits. Throws RunError if the cryptography library refuses.
std::string Sha256Hex(std::span<const uint8_t> data);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_SHA256_H_
