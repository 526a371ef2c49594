#include "framework/base/philox.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <vector>

namespace nabla {
namespace {

// The published known answers of philox4x32 with 10 rounds (kat_vectors of the Random123 library).
TEST(PhiloxTest, KnownAnswers) {
  constexpr uint32_t kOnes = 0xFFFFFFFF;
  EXPECT_EQ(Philox({0, 0, 0, 0}, {0, 0}),
            (PhiloxBlock{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}));
  EXPECT_EQ(Philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (PhiloxBlock{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}));
  EXPECT_EQ(Philox({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}),
            (PhiloxBlock{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}));
}

TEST(PhiloxTest, IsKnownAtCompileTime) {
  static_assert(Philox({0, 0, 0, 0}, {0, 0})[0] == 0x6627E8D5);
  static_assert(Key(42, {1, 2, 3}) == 0xDDE1A29CF33472EF);
}

TEST(PhiloxTest, FillGivesTheWordsOfTheBlocksFromAnyPlace) {
  constexpr uint64_t kKey = 0x0123456789ABCDEF;
  // Crosses the carry of the counter's low half.
  constexpr uint64_t kStart = (uint64_t{1} << 34) - 150;
  for (const uint64_t skip : {0, 1, 2, 3, 4, 63, 64, 65}) {
    for (const size_t count : {0, 1, 3, 4, 5, 64, 127, 200, 257}) {
      std::vector<uint32_t> words(count);
      FillKeyedWords(kKey, kStart + skip, words);
      for (size_t i = 0; i < count; ++i) {
        const uint64_t word = kStart + skip + i;
        ASSERT_EQ(words[i], KeyedBlock(kKey, word / 4)[word % 4]) << skip << " " << count;
      }
    }
  }
}

TEST(PhiloxTest, KeyedBitsAreTwoWords) {
  std::vector<uint32_t> words(40);
  FillKeyedWords(7, 0, words);
  for (size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(KeyedBits(7, i), uint64_t{words[2 * i + 1]} << 32 | words[2 * i]);
  }
}

TEST(PhiloxTest, UsesOfOneKeyDiffer) {
  EXPECT_NE(KeyedBlock(1, 2), KeyedBlock(1, 2, PhiloxUse::kKeys));
  EXPECT_NE(KeyedBlock(1, 2), KeyedBlock(1, 2, PhiloxUse::kOrders));
}

TEST(PhiloxTest, EveryPathHasItsOwnKey) {
  std::set<uint64_t> keys;
  for (uint64_t seed = 0; seed < 8; ++seed) {
    keys.insert(Key(seed, {}));
    for (uint64_t layer = 0; layer < 8; ++layer) {
      keys.insert(Key(seed, {layer}));
      for (uint64_t step = 0; step < 64; ++step) keys.insert(Key(seed, {layer, step}));
    }
  }
  EXPECT_EQ(keys.size(), 8u * (1 + 8 * (1 + 64)));
}

// Flipping one bit of key or index flips each bit of the value with probability 1/2: of 64 on
// average 32, with a standard deviation of 4 / sqrt(count).
TEST(PhiloxTest, NeighboursAreUnrelated) {
  constexpr int kCount = 2000;
  double by_index = 0, by_key = 0;
  for (int i = 0; i < kCount; ++i) {
    const uint64_t bit = uint64_t{1} << (i % 64);
    by_index += std::popcount(KeyedBits(1, i) ^ KeyedBits(1, i ^ bit));
    by_key += std::popcount(KeyedBits(i, 5) ^ KeyedBits(i ^ bit, 5));
  }
  EXPECT_NEAR(by_index / kCount, 32, 0.4);
  EXPECT_NEAR(by_key / kCount, 32, 0.4);
}

}  // namespace
}  // namespace nabla
