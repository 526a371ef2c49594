#include "framework/base/nabla_generator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "framework/base/bytes.h"
#include "framework/base/philox.h"
#include "framework/base/quantile.h"

namespace nabla {
namespace {

constexpr size_t kStateBytes = 1 + 2 * sizeof(uint64_t);

// The 32-bit words of a stream in order, made in bulk.
class Words {
 public:
  explicit Words(uint64_t key) : key_(key) {}

  uint32_t Next() {
    if (used_ == buffer_.size()) {
      FillKeyedWords(key_, first_, buffer_);
      first_ += buffer_.size();
      used_ = 0;
    }
    return buffer_[used_++];
  }

  // An integer from 0 to bound - 1, unbiased, like NablaGenerator::Below.
  uint32_t Below(uint32_t bound) {
    uint64_t product = uint64_t{Next()} * bound;
    if (static_cast<uint32_t>(product) < bound) {
      const uint32_t threshold = -bound % bound;
      while (static_cast<uint32_t>(product) < threshold) product = uint64_t{Next()} * bound;
    }
    return static_cast<uint32_t>(product >> 32);
  }

 private:
  uint64_t key_;
  uint64_t first_ = 0;
  std::array<uint32_t, 512> buffer_;
  size_t used_ = buffer_.size();
};

// The top bit is the sign, the next 52 choose the tail (m + 1/2) 2^-53: the values are symmetric,
// and neither 0 nor infinity can occur; |z| < 8.3.
double StandardNormal(uint64_t bits) {
  const uint64_t m = bits << 1 >> 12;
  const double tail = static_cast<double>(2 * m + 1) * 0x1p-54;
  const double z = UpperNormalQuantile(tail);
  return std::bit_cast<double>(std::bit_cast<uint64_t>(z) | (bits & uint64_t{1} << 63));
}

}  // namespace

template <typename T, typename Convert>
void NablaGenerator::Fill(std::span<T> out, Convert convert) {
  std::array<uint32_t, 512> words;
  while (!out.empty()) {
    const size_t count = std::min(out.size(), words.size() / 2);
    FillKeyedWords(key_, 2 * slot_, std::span(words).first(2 * count));
    for (size_t i = 0; i < count; ++i) {
      out[i] = convert(uint64_t{words[2 * i + 1]} << 32 | words[2 * i]);
    }
    slot_ += count;
    out = out.subspan(count);
  }
}

void NablaGenerator::Normal(std::span<float> out, double mean, double std) {
  Fill(out, [=](uint64_t bits) {
    return static_cast<float>(std::fma(StandardNormal(bits), std, mean));
  });
}

void NablaGenerator::Normal(std::span<double> out, double mean, double std) {
  Fill(out, [=](uint64_t bits) { return std::fma(StandardNormal(bits), std, mean); });
}

void NablaGenerator::Uniform(std::span<float> out, double low, double high) {
  const double scale = (high - low) * 0x1p-24;
  Fill(out, [=](uint64_t bits) {
    return static_cast<float>(std::fma(static_cast<double>(bits >> 40), scale, low));
  });
}

void NablaGenerator::Uniform(std::span<double> out, double low, double high) {
  const double scale = (high - low) * 0x1p-53;
  Fill(out, [=](uint64_t bits) { return std::fma(static_cast<double>(bits >> 11), scale, low); });
}

void NablaGenerator::Permutation(std::span<uint32_t> out) {
  Words words(Half(KeyedBlock(key_, slot_++, PhiloxUse::kOrders), 0));
  std::iota(out.begin(), out.end(), uint32_t{0});
  for (size_t i = out.size(); i > 1; --i) {
    std::swap(out[i - 1], out[words.Below(static_cast<uint32_t>(i))]);
  }
}

uint64_t NablaGenerator::Bits() { return KeyedBits(key_, slot_++); }

uint64_t NablaGenerator::Below(uint64_t bound) {
  using Wide = unsigned __int128;
  Wide product = Wide{Bits()} * bound;
  if (static_cast<uint64_t>(product) < bound) {
    const uint64_t threshold = -bound % bound;
    while (static_cast<uint64_t>(product) < threshold) product = Wide{Bits()} * bound;
  }
  return static_cast<uint64_t>(product >> 64);
}

std::vector<uint8_t> NablaGenerator::State() const {
  std::vector<uint8_t> state;
  AppendBytes(RngKind::kNabla, &state);
  AppendBytes(key_, &state);
  AppendBytes(slot_, &state);
  return state;
}

void NablaGenerator::SetState(std::span<const uint8_t> state) {
  CheckState(state, RngKind::kNabla, kStateBytes);
  state = state.subspan(1);
  key_ = TakeBytes<uint64_t>(&state);
  slot_ = TakeBytes<uint64_t>(&state);
}

}  // namespace nabla
