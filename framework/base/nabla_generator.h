// nabla's own random numbers: value i of a stream depends only on key and i.
#ifndef NABLA_FRAMEWORK_BASE_NABLA_GENERATOR_H_
#define NABLA_FRAMEWORK_BASE_NABLA_GENERATOR_H_

#include "framework/base/generator.h"

namespace nabla {

// Philox bits (philox.h), one 64-bit slot per value whatever its type: a float is the rounded
// double of the same slot (normal) or its leading 24 bits (uniform), so that models in float and
// double start from the same numbers. The bits do not depend on a math library.
class NablaGenerator : public Generator {
 public:
  explicit NablaGenerator(uint64_t seed) : key_(seed) {}

  void Normal(std::span<float> out, double mean, double std) override;
  void Normal(std::span<double> out, double mean, double std) override;
  void Uniform(std::span<float> out, double low, double high) override;
  void Uniform(std::span<double> out, double low, double high) override;

  // Uses one slot, as the key of a separate stream.
  void Permutation(std::span<uint32_t> out) override;

  uint64_t Bits() override;

  // Unbiased (Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019)); uses
  // one slot, rarely more.
  uint64_t Below(uint64_t bound) override;

  std::vector<uint8_t> State() const override;
  void SetState(std::span<const uint8_t> state) override;

 private:
  // out[i] = convert(bits of the next slot).
  template <typename T, typename Convert>
  void Fill(std::span<T> out, Convert convert);

  uint64_t key_;
  uint64_t slot_ = 0;  // the next one to use
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_NABLA_GENERATOR_H_
