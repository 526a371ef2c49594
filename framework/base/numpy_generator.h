// The random numbers of NumPy, bit for bit: of its legacy generator, numpy.random.RandomState, and
// of numpy.random.default_rng.
#ifndef NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_
#define NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_

#include <bit>
#include <numeric>
#include <optional>
#include <utility>

#include "framework/base/mersenne.h"

namespace nabla {

// What both make of their own Next32(), Bits(), UnitUniform() and StandardNormal(). Everything is
// computed in double; floats are the rounded doubles.
template <typename Self, typename Base>
class NumpyDraws : public Base {
 public:
  // normal(mean, std) = mean + std * a standard normal number.
  void Normal(std::span<float> out, double mean, double std) override { Fill(out, mean, std); }
  void Normal(std::span<double> out, double mean, double std) override { Fill(out, mean, std); }

  // uniform(low, high) = low + (high - low) * a number in [0, 1).
  void Uniform(std::span<float> out, double low, double high) override { Spread(out, low, high); }
  void Uniform(std::span<double> out, double low, double high) override { Spread(out, low, high); }

  // permutation(n); shuffle() of n values is the same.
  void Permutation(std::span<uint32_t> out) override {
    std::iota(out.begin(), out.end(), uint32_t{0});
    for (size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[UpTo(i - 1)]);
  }

 protected:
  using Base::Base;

  // The legacy bounded integers: masked bits, drawn again until they are at most `last`.
  uint64_t UpTo(uint64_t last) {
    if (last == 0) return 0;
    const uint64_t mask = UINT64_MAX >> std::countl_zero(last);
    uint64_t value;
    do {
      value = (last <= UINT32_MAX ? self().Next32() : self().Bits()) & mask;
    } while (value > last);
    return value;
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  template <typename T>
  void Fill(std::span<T> out, double mean, double std) {
    for (T& value : out) value = static_cast<T>(mean + std * self().StandardNormal());
  }
  template <typename T>
  void Spread(std::span<T> out, double low, double high) {
    for (T& value : out) value = static_cast<T>(low + (high - low) * self().UnitUniform());
  }
};

class NumpyGenerator : public NumpyDraws<NumpyGenerator, MersenneGenerator> {
 public:
  // RandomState(seed). Throws InputError for a seed of more than 32 bits.
  explicit NumpyGenerator(uint64_t seed);

  uint64_t Below(uint64_t bound) override { return UpTo(bound - 1); }

 private:
  friend NumpyDraws;

  double UnitUniform();     // random_sample()
  double StandardNormal();  // randn(): Marsaglia's polar method
};

class NumpyDefaultGenerator : public NumpyDraws<NumpyDefaultGenerator, Generator> {
 public:
  // default_rng(seed): PCG64 (O'Neill 2014, XSL-RR with 128 bits of state), seeded by SeedSequence.
  explicit NumpyDefaultGenerator(uint64_t seed);

  uint64_t Bits() override;

  // integers(bound): Lemire's method (2019), with 32 bits for a bound of up to 2^32.
  uint64_t Below(uint64_t bound) override;

  std::vector<uint8_t> State() const override;
  void SetState(std::span<const uint8_t> state) override;

 private:
  friend NumpyDraws;
  using Uint128 = unsigned __int128;

  uint32_t Next32();
  double UnitUniform();     // random()
  double StandardNormal();  // standard_normal(): the ziggurat method
  double NormalTail(bool negative);

  Uint128 state_ = 0;
  Uint128 increment_ = 0;
  std::optional<uint32_t> kept_;  // the high half of 64 bits whose low half was the last Next32()
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_
