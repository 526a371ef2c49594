// A fast non-cryptographic hash, XXH3, for comparing weights and checking files for damage.
#ifndef NABLA_FRAMEWORK_BASE_HASH_H_
#define NABLA_FRAMEWORK_BASE_HASH_H_

#include <cstddef>
#include <memory>
#include <string>

namespace nabla {

// XXH3-128 over everything added, however it was cut into pieces.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void Add(const void* data, size_t bytes);

  // 32 lower-case hex digits, as the program xxh128sum prints them. More may be added later.
  std::string Hex() const;

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_HASH_H_
