#include "framework/base/utf8.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace nabla {
namespace {

// What may follow a first byte: how many bytes, and the range of the first of them, which rules out
// overlong forms, surrogates and code points past U+10FFFF.
struct Tail {
  size_t count;
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
};

constexpr size_t kNoCharacter = ~size_t{0};

Tail TailOf(uint8_t first) {
  if (first < 0x80) return {0};
  if (first >= 0xc2 && first <= 0xdf) return {1};
  if (first == 0xe0) return {2, 0xa0, 0xbf};
  if (first == 0xed) return {2, 0x80, 0x9f};
  if (first >= 0xe1 && first <= 0xef) return {2};
  if (first == 0xf0) return {3, 0x90, 0xbf};
  if (first >= 0xf1 && first <= 0xf3) return {3};
  if (first == 0xf4) return {3, 0x80, 0x8f};
  return {kNoCharacter};
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const Tail tail = TailOf(static_cast<uint8_t>(text[i++]));
    if (tail.count > text.size() - i) return false;
    for (size_t k = 0; k < tail.count; ++k, ++i) {
      const uint8_t byte = static_cast<uint8_t>(text[i]);
      if (byte < (k == 0 ? tail.low : 0x80) || byte > (k == 0 ? tail.high : 0xbf)) return false;
    }
  }
  return true;
}

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace nabla
