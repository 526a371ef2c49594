#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/numpy_generator.h"

namespace nabla {
namespace {

// Where the innermost strips of the normal distribution end and its tail begins.
constexpr double kTail = 3.6541528853610087963519472518;
constexpr double kInverseTail = 0.27366123732975827203338247596;

// A state's bytes: the kind, state and increment, whether 32 bits are kept, and those.
constexpr size_t kStateBytes = 1 + 16 + 16 + 1 + 4;

struct Strip {
  uint64_t inside;
  double width;
  double height;
};

constexpr Strip kStrips[] = {
#include "framework/base/ziggurat.inc"
};

// SeedSequence (O'Neill's seed_seq_fe with four words): every word of the pool depends on every bit
// of the seed.
class SeedSequence {
 public:
  explicit SeedSequence(uint64_t seed) {
    const uint32_t words[4] = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32), 0,
                               0};
    for (size_t i = 0; i < 4; ++i) pool_[i] = Hash(words[i]);
    for (size_t from = 0; from < 4; ++from) {
      for (size_t to = 0; to < 4; ++to) {
        if (from != to) pool_[to] = Mix(pool_[to], Hash(pool_[from]));
      }
    }
  }

  // generate_state(4, uint64).
  void Generate(uint64_t (&state)[4]) const {
    uint32_t constant = 0x8b51f9dd;
    for (size_t i = 0; i < 8; ++i) {
      uint32_t word = pool_[i % 4] ^ constant;
      constant *= 0x58f38ded;
      word *= constant;
      word ^= word >> 16;
      state[i / 2] = i % 2 == 0 ? word : state[i / 2] | uint64_t{word} << 32;
    }
  }

 private:
  uint32_t Hash(uint32_t word) {
    word ^= constant_;
    constant_ *= 0x931e8875;
    word *= constant_;
    return word ^ word >> 16;
  }
  static uint32_t Mix(uint32_t a, uint32_t b) {
    const uint32_t mixed = 0xca01f9dd * a - 0x4973f715 * b;
    return mixed ^ mixed >> 16;
  }

  uint32_t constant_ = 0x43b0d7e5;
  uint32_t pool_[4];
};

}  // namespace

NumpyDefaultGenerator::NumpyDefaultGenerator(uint64_t seed) {
  uint64_t words[4];
  SeedSequence(seed).Generate(words);
  increment_ = (Uint128{words[2]} << 64 | words[3]) << 1 | 1;
  Bits();
  state_ += Uint128{words[0]} << 64 | words[1];
  Bits();
}

uint64_t NumpyDefaultGenerator::Bits() {
  constexpr Uint128 kMultiplier = Uint128{2549297995355413924} << 64 | 4865540595714422341;
  state_ = state_ * kMultiplier + increment_;
  const auto high = static_cast<uint64_t>(state_ >> 64);
  return std::rotr(high ^ static_cast<uint64_t>(state_), static_cast<int>(high >> 58));
}

uint32_t NumpyDefaultGenerator::Next32() {
  if (kept_) return *std::exchange(kept_, std::nullopt);
  const uint64_t bits = Bits();
  kept_ = static_cast<uint32_t>(bits >> 32);
  return static_cast<uint32_t>(bits);
}

double NumpyDefaultGenerator::UnitUniform() { return static_cast<double>(Bits() >> 11) * 0x1p-53; }

// Marsaglia and Tsang, "The ziggurat method" (2000). The C library's functions, because NumPy uses
// them and the bits must agree.
double NumpyDefaultGenerator::StandardNormal() {
  while (true) {
    const uint64_t bits = Bits();
    const size_t strip = bits & 0xff;
    const bool negative = bits >> 8 & 1;
    const uint64_t integer = bits >> 9 & 0xfffffffffffff;
    const double x = static_cast<double>(integer) * kStrips[strip].width;
    const double value = negative ? -x : x;
    if (integer < kStrips[strip].inside) return value;
    if (strip == 0) return NormalTail(integer >> 8 & 1);
    const double low = kStrips[strip].height;
    const double height = (kStrips[strip - 1].height - low) * UnitUniform() + low;
    if (height < std::exp(-0.5 * x * x)) return value;
  }
}

double NumpyDefaultGenerator::NormalTail(bool negative) {
  while (true) {
    const double x = -kInverseTail * std::log1p(-UnitUniform());
    const double y = -std::log1p(-UnitUniform());
    if (y + y > x * x) return negative ? -(kTail + x) : kTail + x;
  }
}

uint64_t NumpyDefaultGenerator::Below(uint64_t bound) {
  if (bound == 1) return 0;
  if (bound == uint64_t{1} << 32) return Next32();
  if (bound < uint64_t{1} << 32) {
    const auto range = static_cast<uint32_t>(bound);
    uint64_t product = uint64_t{Next32()} * range;
    const uint32_t unfair = -range % range;
    while (static_cast<uint32_t>(product) < unfair) product = uint64_t{Next32()} * range;
    return product >> 32;
  }
  Uint128 product = Uint128{Bits()} * bound;
  const uint64_t unfair = -bound % bound;
  while (static_cast<uint64_t>(product) < unfair) product = Uint128{Bits()} * bound;
  return static_cast<uint64_t>(product >> 64);
}

std::vector<uint8_t> NumpyDefaultGenerator::State() const {
  std::vector<uint8_t> bytes(kStateBytes);
  const uint32_t kept = kept_.value_or(0);
  bytes[0] = static_cast<uint8_t>(RngKind::kNumpyDefault);
  std::memcpy(&bytes[1], &state_, 16);
  std::memcpy(&bytes[17], &increment_, 16);
  bytes[33] = kept_ ? 1 : 0;
  std::memcpy(&bytes[34], &kept, 4);
  return bytes;
}

void NumpyDefaultGenerator::SetState(std::span<const uint8_t> state) {
  CheckState(state, RngKind::kNumpyDefault, kStateBytes);
  Uint128 increment;
  std::memcpy(&increment, &state[17], 16);
  if (state[33] > 1 || increment % 2 == 0) {
    throw InputError("the random number state is damaged");
  }
  uint32_t kept;
  std::memcpy(&state_, &state[1], 16);
  increment_ = increment;
  std::memcpy(&kept, &state[34], 4);
  kept_ = state[33] == 1 ? std::optional<uint32_t>(kept) : std::nullopt;
}

}  // namespace nabla
