// Counter-based random bits: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3" (SC 2011). Every value is a pure function of a key and an index, so
// any part of a stream can be computed directly, in any order, on any thread.
#ifndef NABLA_FRAMEWORK_BASE_PHILOX_H_
#define NABLA_FRAMEWORK_BASE_PHILOX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace nabla {

using PhiloxBlock = std::array<uint32_t, 4>;

// The paper's multipliers, and what is added to the key after a round.
inline constexpr uint64_t kPhiloxFactor0 = 0xD2511F53;
inline constexpr uint64_t kPhiloxFactor1 = 0xCD9E8D57;
inline constexpr uint32_t kPhiloxWeyl0 = 0x9E3779B9;
inline constexpr uint32_t kPhiloxWeyl1 = 0xBB67AE85;

// The block cipher: ten rounds on the counter.
constexpr PhiloxBlock Philox(PhiloxBlock counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = kPhiloxFactor0 * counter[0];
    const uint64_t product1 = kPhiloxFactor1 * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<uint32_t>(product0)};
    key[0] += kPhiloxWeyl0;
    key[1] += kPhiloxWeyl1;
  }
  return counter;
}

// What a key's blocks are used for; blocks for different uses are independent.
enum class PhiloxUse : uint32_t { kValues = 0, kKeys = 1, kOrders = 2 };

// Block `index` of the stream of `key`.
constexpr PhiloxBlock KeyedBlock(uint64_t key, uint64_t index, PhiloxUse use = PhiloxUse::kValues) {
  return Philox({static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32), 0,
                 static_cast<uint32_t>(use)},
                {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)});
}

// Words 0 and 1 (half 0) or 2 and 3 (half 1) of a block, the first one in the low bits.
constexpr uint64_t Half(const PhiloxBlock& block, size_t half) {
  return uint64_t{block[2 * half + 1]} << 32 | block[2 * half];
}

// The 64 bits of value `index`: words 2 index and 2 index + 1 of FillKeyedWords.
constexpr uint64_t KeyedBits(uint64_t key, uint64_t index) {
  return Half(KeyedBlock(key, index / 2), index % 2);
}

// The key of a separate stream for every path, e.g. Key(seed, {kDropout, layer, step}).
constexpr uint64_t Key(uint64_t seed, std::initializer_list<uint64_t> path) {
  uint64_t key = seed;
  for (const uint64_t part : path) key = Half(KeyedBlock(key, part, PhiloxUse::kKeys), 0);
  return key;
}

// out[i] = 32-bit word first + i of the stream of `key`: word w is word w mod 4 of block w / 4.
// Several times faster than single values.
void FillKeyedWords(uint64_t key, uint64_t first, std::span<uint32_t> out);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_PHILOX_H_
