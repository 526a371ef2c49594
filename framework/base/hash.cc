#include "framework/base/hash.h"

#include <xxhash.h>

#include <cstdio>
#include <new>

namespace nabla {

struct Hasher::Stream {
  XXH3_state_t* state = XXH3_createState();

  Stream() {
    if (state == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(state);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { XXH3_freeState(state); }
};

Hasher::Hasher() : stream_(std::make_unique<Stream>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::Add(const void* data, size_t bytes) {
  // The library treats a null pointer as an error even when there is nothing to read.
  if (bytes > 0) XXH3_128bits_update(stream_->state, data, bytes);
}

std::string Hasher::Hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(stream_->state);
  char text[33];
  std::snprintf(text, sizeof(text), "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

}  // namespace nabla
