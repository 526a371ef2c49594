// What PyTorch's and NumPy's generators share: a Mersenne Twister and one cached normal value.
#ifndef NABLA_FRAMEWORK_BASE_MERSENNE_H_
#define NABLA_FRAMEWORK_BASE_MERSENNE_H_

#include <cstdint>
#include <optional>
#include <random>

#include "framework/base/generator.h"

namespace nabla {

// Both libraries seed MT19937 with an integer as std::mt19937 does.
class MersenneGenerator : public Generator {
 public:
  // Two outputs; the first is the high half.
  uint64_t Bits() override {
    const uint64_t high = engine_();
    return high << 32 | engine_();
  }

  std::vector<uint8_t> State() const override;
  void SetState(std::span<const uint8_t> state) override;

 protected:
  MersenneGenerator(RngKind kind, uint32_t seed) : kind_(kind), engine_(seed) {}

  uint32_t Next32() { return static_cast<uint32_t>(engine_()); }

  // The second value of a pair of standard normals. It belongs to the generator, not to a call, so
  // it survives while other kinds of values are drawn.
  std::optional<double> kept_;

 private:
  RngKind kind_;
  std::mt19937 engine_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_BASE_MERSENNE_H_
