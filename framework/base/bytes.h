// Plain values to bytes and back, in the machine's own (little-endian) order.
#ifndef NABLA_FRAMEWORK_BASE_BYTES_H_
#define NABLA_FRAMEWORK_BASE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace nabla {

template <typename T>
void AppendBytes(const T& value, std::vector<uint8_t>* out) {
  static_assert(std::is_trivially_copyable_v<T>);
  const size_t end = out->size();
  out->resize(end + sizeof(T));
  std::memcpy(out->data() + end, &value, sizeof(T));
}

// Reads a T from the front of *in, which must be long enough, and steps over it.
template <typename T>
T TakeBytes(std::span<const uint8_t>* in) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, in->data(), sizeof(T));
  *in = in->subspan(sizeof(T));
  return value;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_BYTES_H_
