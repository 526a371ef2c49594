#include "framework/base/philox.h"

#include <algorithm>

namespace nabla {
namespace {

constexpr int kLanes = 16;

// Blocks first .. first + kLanes - 1, one vector lane each; out has 4 * kLanes words.
void FillBlocks(uint64_t key, uint64_t first, uint32_t* out) {
  uint32_t c0[kLanes], c1[kLanes], c2[kLanes] = {}, c3[kLanes] = {};
  for (int i = 0; i < kLanes; ++i) {
    c0[i] = static_cast<uint32_t>(first + i);
    c1[i] = static_cast<uint32_t>((first + i) >> 32);
  }
  uint32_t k0 = static_cast<uint32_t>(key);
  uint32_t k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < kLanes; ++i) {
      const uint64_t product0 = kPhiloxFactor0 * c0[i];
      const uint64_t product1 = kPhiloxFactor1 * c2[i];
      c0[i] = static_cast<uint32_t>(product1 >> 32) ^ c1[i] ^ k0;
      c1[i] = static_cast<uint32_t>(product1);
      c2[i] = static_cast<uint32_t>(product0 >> 32) ^ c3[i] ^ k1;
      c3[i] = static_cast<uint32_t>(product0);
    }
    k0 += kPhiloxWeyl0;
    k1 += kPhiloxWeyl1;
  }
  for (size_t i = 0; i < kLanes; ++i) {
    out[4 * i] = c0[i];
    out[4 * i + 1] = c1[i];
    out[4 * i + 2] = c2[i];
    out[4 * i + 3] = c3[i];
  }
}

}  // namespace

void FillKeyedWords(uint64_t key, uint64_t first, std::span<uint32_t> out) {
  constexpr uint64_t kWords = uint64_t{4} * kLanes;
  while (!out.empty()) {
    const uint64_t skip = first % 4;
    if (skip == 0 && out.size() >= kWords) {
      FillBlocks(key, first / 4, out.data());
      first += kWords;
      out = out.subspan(kWords);
      continue;
    }
    const PhiloxBlock block = KeyedBlock(key, first / 4);
    const size_t count = std::min<size_t>(4 - skip, out.size());
    std::copy_n(block.begin() + skip, count, out.begin());
    first += count;
    out = out.subspan(count);
  }
}

}  // namespace nabla
