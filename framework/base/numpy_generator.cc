#include "framework/base/numpy_generator.h"

#include <cmath>
#include <string>

#include "framework/base/error.h"

namespace nabla {
namespace {

uint32_t CheckedSeed(uint64_t seed) {
  if (seed > UINT32_MAX) {
    throw InputError("seed " + std::to_string(seed) +
                     " is too large for NumPy's generator; the largest is 4294967295");
  }
  return static_cast<uint32_t>(seed);
}

}  // namespace

NumpyGenerator::NumpyGenerator(uint64_t seed) : NumpyDraws(RngKind::kNumpy, CheckedSeed(seed)) {}

double NumpyGenerator::UnitUniform() {
  const uint32_t high = Next32() >> 5;
  const uint32_t low = Next32() >> 6;
  return (high * 0x1p26 + low) * 0x1p-53;
}

double NumpyGenerator::StandardNormal() {
  if (kept_) {
    const double value = *kept_;
    kept_.reset();
    return value;
  }
  double x1, x2, square;
  do {
    x1 = 2 * UnitUniform() - 1;
    x2 = 2 * UnitUniform() - 1;
    square = x1 * x1 + x2 * x2;
  } while (square >= 1 || square == 0);
  // The C library's logarithm, because NumPy uses it and the bits must agree.
  const double factor = std::sqrt(-2 * std::log(square) / square);
  kept_ = factor * x1;
  return factor * x2;
}

}  // namespace nabla
