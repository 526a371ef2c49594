#include "framework/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace nabla {
namespace {

std::string Encoded(uint32_t point) {
  const auto tail = [point](int shift) {
    return static_cast<char>(0x80 | (point >> shift & 0x3f));
  };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xc0 | point >> 6), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xe0 | point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | point >> 18), tail(12), tail(6), tail(0)};
}

bool IsScalar(uint32_t point) { return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff); }

TEST(Utf8, EveryCodePoint) {
  for (uint32_t point = 0; point < 0x200000; ++point) {
    const std::string text = Encoded(point);
    ASSERT_EQ(IsUtf8(text), IsScalar(point)) << point;
    ASSERT_FALSE(text.size() > 1 && IsUtf8(text.substr(0, text.size() - 1))) << point;
  }
}

// There are 1920 code points of two bytes and 61440 of three: nothing else may pass.
TEST(Utf8, EveryTextOfTwoAndThreeBytes) {
  size_t two = 0;
  size_t three = 0;
  std::string text(3, '\0');
  for (uint32_t bits = 0x800000; bits < 0x1000000; ++bits) {
    text = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
    if ((bits & 0xff) == 0) two += IsUtf8({text.data(), 2});
    three += IsUtf8(text);
  }
  EXPECT_EQ(two, 1920u);
  EXPECT_EQ(three, 61440u + 1920u * 128);
}

TEST(Utf8, Ascii) {
  EXPECT_TRUE(IsAscii(""));
  EXPECT_TRUE(IsAscii("a~\x7f"));
  EXPECT_FALSE(IsAscii("a\xc3\xb6"));
}

TEST(Utf8Test, EscapedTextIsFitToBePrinted) {
  EXPECT_EQ(Escaped("gr\xC3\xB6\xC3\x9F"
                    "e \xE2\x88\x92\xF0\x9F\x98\x80"),
            "gr\xC3\xB6\xC3\x9F"
            "e \xE2\x88\x92\xF0\x9F\x98\x80");
  EXPECT_EQ(Escaped("\x1b[31m\n\t\x7f"), "\\x1b[31m\\x0a\\x09\\x7f");
  EXPECT_EQ(Escaped("\xC2\x9B\xC2\xA0"), "\\x9b\xC2\xA0");
  EXPECT_EQ(Escaped("\xF6 \xC3"), "\\xf6 \\xc3");
  EXPECT_EQ(Escaped(std::string(1, '\0')), "\\x00");
  EXPECT_EQ(Escaped(""), "");
}

}  // namespace
}  // namespace nabla
