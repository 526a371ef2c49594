// The random numbers of NumPy, bit for bit: of its legacy generator, numpy.random.RandomState, and
// of numpy.random.default_rng.
#ifndef NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_
#define NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_

#include <optional>

#include "framework/base/mersenne.h"

namespace nabla {

// Everything is computed in double; floats are the rounded doubles.
class NumpyGenerator : public MersenneGenerator {
 public:
  // RandomState(seed). Throws InputError for a seed of more than 32 bits.
  explicit NumpyGenerator(uint64_t seed);

  // normal(mean, std) = mean + std * randn(): Marsaglia's polar method.
  void Normal(std::span<float> out, double mean, double std) override;
  void Normal(std::span<double> out, double mean, double std) override;

  // uniform(low, high) = low + (high - low) * random_sample().
  void Uniform(std::span<float> out, double low, double high) override;
  void Uniform(std::span<double> out, double low, double high) override;

  // permutation(n); shuffle() of n values is the same.
  void Permutation(std::span<uint32_t> out) override;

  // The legacy bounded integers: masked bits, drawn again until they are below the bound.
  uint64_t Below(uint64_t bound) override;

 private:
  double UnitUniform();
  double StandardNormal();
};

// Everything is computed in double; floats are the rounded doubles.
class NumpyDefaultGenerator : public Generator {
 public:
  // default_rng(seed): PCG64 (O'Neill 2014, XSL-RR with 128 bits of state), seeded by SeedSequence.
  explicit NumpyDefaultGenerator(uint64_t seed);

  // normal(mean, std) = mean + std * standard_normal(): the ziggurat method.
  void Normal(std::span<float> out, double mean, double std) override;
  void Normal(std::span<double> out, double mean, double std) override;

  // uniform(low, high) = low + (high - low) * random().
  void Uniform(std::span<float> out, double low, double high) override;
  void Uniform(std::span<double> out, double low, double high) override;

  // permutation(n); shuffle() of n values is the same.
  void Permutation(std::span<uint32_t> out) override;

  uint64_t Bits() override;

  // integers(bound): Lemire's method (2019), with 32 bits for a bound of up to 2^32.
  uint64_t Below(uint64_t bound) override;

  std::vector<uint8_t> State() const override;
  void SetState(std::span<const uint8_t> state) override;

 private:
  using Uint128 = unsigned __int128;

  uint32_t Next32();
  double UnitUniform();
  double StandardNormal();
  double NormalTail(bool negative);
  // The legacy bounded integers: masked bits, drawn again until they are at most `last`.
  uint64_t UpTo(uint64_t last);

  Uint128 state_ = 0;
  Uint128 increment_ = 0;
  std::optional<uint32_t> kept_;  // the high half of 64 bits whose low half was the last Next32()
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_
