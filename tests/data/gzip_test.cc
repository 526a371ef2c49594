#include "framework/data/gzip.h"

#include <gtest/gtest.h>

#include <string>

#include "framework/base/error.h"
#include "tests/data/samples.h"

namespace nabla {
namespace {

std::string Unpack(const std::string& packed, size_t max_size = size_t{1} << 20) {
  return AsText(Gunzip(AsBytes(packed), max_size, "x.gz").span());
}

// The message without its place, which must be the file; "" if nothing is thrown.
std::string Complaint(const std::string& packed, size_t max_size = size_t{1} << 20) {
  try {
    Unpack(packed, max_size);
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems()[0].place.origin, "x.gz");
    return error.problems()[0].message;
  }
  return "";
}

std::string Varied(size_t size) {
  std::string text(size, '\0');
  uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 27);
  return text;
}

TEST(GzipTest, Unpacks) {
  EXPECT_EQ(Unpack(Gzip("")), "");
  EXPECT_EQ(Unpack(Gzip("a")), "a");
  EXPECT_EQ(Unpack(Gzip(Varied(100000))), Varied(100000));
}

TEST(GzipTest, MembersFollowEachOther) {
  EXPECT_EQ(Unpack(Gzip(Varied(50000)) + Gzip("") + Gzip("b")), Varied(50000) + "b");
}

TEST(GzipTest, EveryTruncationIsAnError) {
  const std::string packed = Gzip(Varied(300));
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_NE(Complaint(packed.substr(0, size)), "") << size;
  }
  EXPECT_EQ(Complaint(packed.substr(0, packed.size() - 1)),
            "gzip data is truncated after " + std::to_string(packed.size() - 1) + " bytes");
}

TEST(GzipTest, DamageNeverChangesTheContent) {
  const std::string content = Varied(300);
  const std::string packed = Gzip(content);
  for (size_t i = 0; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    // Bytes of the header that do not matter, like the time, may differ.
    if (Complaint(damaged).empty()) {
      EXPECT_LT(i, 10u);
      EXPECT_EQ(Unpack(damaged), content);
    }
  }
}

TEST(GzipTest, GarbageBehindTheEndIsAnError) {
  EXPECT_EQ(Complaint(Gzip("a") + "xyz"), "3 bytes follow the end of the gzip data");
}

TEST(GzipTest, OtherDataIsShown) {
  EXPECT_EQ(Complaint("<html>\n<title>Log in</title>"),
            "expected gzip data, found \"<html>.<title>Lo\"");
  EXPECT_EQ(Complaint(""), "expected gzip data, found \"\"");
}

TEST(GzipTest, SizeLimit) {
  const std::string bomb = Gzip(std::string(size_t{64} << 20, '\0'));
  EXPECT_EQ(Complaint(bomb), "unpacks to more than the 1048576 bytes expected");
  EXPECT_EQ(Unpack(Gzip(Varied(1000)), 1000), Varied(1000));
  EXPECT_NE(Complaint(Gzip(Varied(1000)), 999), "");
}

}  // namespace
}  // namespace nabla
