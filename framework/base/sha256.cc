#include "framework/base/sha256.h"

#include <openssl/evp.h>

#include "framework/base/error.h"

namespace nabla {

std::string Sha256Hex(std::span<const uint8_t> data) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int bytes = 0;
  if (EVP_Digest(data.data(), data.size(), digest, &bytes, EVP_sha256(), nullptr) != 1) {
    throw RunError("the cryptography library cannot compute SHA-256");
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < bytes; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

}  // namespace nabla
