#include "framework/base/numpy_generator.h"

#include <bit>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

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

NumpyGenerator::NumpyGenerator(uint64_t seed)
    : MersenneGenerator(RngKind::kNumpy, CheckedSeed(seed)) {}

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

void NumpyGenerator::Normal(std::span<float> out, double mean, double std) {
  for (float& value : out) value = static_cast<float>(mean + std * StandardNormal());
}

void NumpyGenerator::Normal(std::span<double> out, double mean, double std) {
  for (double& value : out) value = mean + std * StandardNormal();
}

void NumpyGenerator::Uniform(std::span<float> out, double low, double high) {
  for (float& value : out) value = static_cast<float>(low + (high - low) * UnitUniform());
}

void NumpyGenerator::Uniform(std::span<double> out, double low, double high) {
  for (double& value : out) value = low + (high - low) * UnitUniform();
}

uint64_t NumpyGenerator::Below(uint64_t bound) {
  const uint64_t last = bound - 1;
  if (last == 0) return 0;
  const uint64_t mask = UINT64_MAX >> std::countl_zero(last);
  uint64_t value;
  do {
    value = (last <= UINT32_MAX ? Next32() : Bits()) & mask;
  } while (value > last);
  return value;
}

void NumpyGenerator::Permutation(std::span<uint32_t> out) {
  std::iota(out.begin(), out.end(), uint32_t{0});
  for (size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[Below(i)]);
}

}  // namespace nabla
