// The random numbers of NumPy's legacy generator, numpy.random.RandomState, bit for bit.
#ifndef NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_
#define NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_

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

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_NUMPY_GENERATOR_H_
