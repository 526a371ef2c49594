// What the known-answer tests compare: the digest of an array's bytes.
#ifndef NABLA_TESTS_BASE_DIGEST_H_
#define NABLA_TESTS_BASE_DIGEST_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/base/sha256.h"

namespace nabla {

template <typename T>
std::string Digest(const std::vector<T>& values) {
  return Sha256Hex({reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(T)});
}

}  // namespace nabla

#endif  // NABLA_TESTS_BASE_DIGEST_H_
