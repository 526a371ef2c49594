#include "framework/base/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace nabla {
namespace {

// Known answers are those of the program xxh128sum, version 0.8.1.

std::vector<uint8_t> Pattern() {
  std::vector<uint8_t> bytes(100000);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 7 + i / 256);
  return bytes;
}

TEST(HashTest, KnownAnswers) {
  Hasher empty;
  EXPECT_EQ(empty.Hex(), "99aa06d3014798d86001c324468d497f");
  Hasher abc;
  abc.Add("abc", 3);
  EXPECT_EQ(abc.Hex(), "06b05ab6733a618578af5f94892f3950");
}

TEST(HashTest, PiecesMakeNoDifference) {
  const std::vector<uint8_t> bytes = Pattern();
  for (const size_t piece : {size_t{1}, size_t{255}, size_t{4096}, bytes.size()}) {
    Hasher hasher;
    for (size_t i = 0; i < bytes.size(); i += piece) {
      hasher.Add(&bytes[i], std::min(piece, bytes.size() - i));
    }
    EXPECT_EQ(hasher.Hex(), "4e53faeda1b5812bb25cea78018497ff") << piece;
  }
}

TEST(HashTest, GoesOnAfterHexAndAfterAMove) {
  Hasher first;
  first.Add("a", 1);
  first.Hex();
  first.Add(nullptr, 0);
  Hasher second = std::move(first);
  second.Add("bc", 2);
  EXPECT_EQ(second.Hex(), "06b05ab6733a618578af5f94892f3950");
}

}  // namespace
}  // namespace nabla
