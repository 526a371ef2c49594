// The random numbers of PyTorch's CPU generator, bit for bit, as PyTorch 1.13 makes them on a
// machine with AVX2 and FMA (its path for processors without them differs in the last bits of
// normal and scaled values).
#ifndef NABLA_FRAMEWORK_BASE_TORCH_GENERATOR_H_
#define NABLA_FRAMEWORK_BASE_TORCH_GENERATOR_H_

#include "framework/base/mersenne.h"

namespace nabla {

// Spans stand for contiguous tensors. The number of values decides how normals are made: 16 or more
// are computed in blocks of 16 in the tensor's type, fewer in double.
class TorchGenerator : public MersenneGenerator {
 public:
  // torch.manual_seed(seed): the low 32 bits count.
  explicit TorchGenerator(uint64_t seed)
      : MersenneGenerator(RngKind::kTorch, static_cast<uint32_t>(seed)) {}

  // tensor.normal_(mean, std); randn() is mean 0, std 1.
  void Normal(std::span<float> out, double mean, double std) override;
  void Normal(std::span<double> out, double mean, double std) override;

  // tensor.uniform_(low, high); rand() is 0, 1.
  void Uniform(std::span<float> out, double low, double high) override;
  void Uniform(std::span<double> out, double low, double high) override;

  // randperm(n).
  void Permutation(std::span<uint32_t> out) override;

  // kDataLoader: two draws per call; the second one seeds a separate generator for the order.
  void EpochOrder(std::span<uint32_t> out, OrderKind kind) override;

  // random_(0, bound): the remainder of 32 bits, of 64 for a bound of 2^32 or more.
  uint64_t Below(uint64_t bound) override;

 private:
  template <typename T>
  void FillNormal(std::span<T> out, double mean, double std);
  template <typename T>
  T UnitUniform();
  double StandardNormal();
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_TORCH_GENERATOR_H_
