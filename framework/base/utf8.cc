#include "framework/base/utf8.h"

#include <algorithm>
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

size_t CharacterBytes(std::string_view text) {
  const Tail tail = TailOf(static_cast<uint8_t>(text[0]));
  if (tail.count > text.size() - 1) return 0;
  for (size_t k = 0; k < tail.count; ++k) {
    const auto byte = static_cast<uint8_t>(text[1 + k]);
    if (byte < (k == 0 ? tail.low : 0x80) || byte > (k == 0 ? tail.high : 0xbf)) return 0;
  }
  return 1 + tail.count;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t size = CharacterBytes(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string Escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const size_t size = CharacterBytes(text);
    const std::string_view character = text.substr(0, size);
    const auto last = static_cast<uint8_t>(size == 0 ? text[0] : character.back());
    // U+0080 to U+009F are controls of two bytes.
    const bool control = size == 1 ? last < 0x20 || last == 0x7f
                                   : size == 2 && character[0] == '\xc2' && last < 0xa0;
    if (size == 0 || control) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      escaped += "\\x";
      escaped += kDigits[last >> 4];
      escaped += kDigits[last & 15];
    } else {
      escaped += character;
    }
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return escaped;
}

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace nabla
