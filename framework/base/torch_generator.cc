#include "framework/base/torch_generator.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace nabla {
namespace {

constexpr size_t kBlock = 16;
constexpr size_t kPairs = kBlock / 2;

// The single-precision polynomials of the Cephes library (S. Moshier), with the products and sums
// fused where PyTorch's AVX2 build fuses them. x is in (0, 1].
float CephesLog(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  float e = static_cast<float>(static_cast<int32_t>(bits >> 23) - 126);
  const float m = std::bit_cast<float>((bits & 0x007FFFFF) | 0x3F000000);
  const bool small = m < 0.707106781186547524f;
  e -= small ? 1.0f : 0.0f;
  const float f = (m - 1) + (small ? m : 0.0f);
  const float z = f * f;
  float y = 7.0376836292e-2f;
  y = std::fma(y, f, -1.1514610310e-1f);
  y = std::fma(y, f, 1.1676998740e-1f);
  y = std::fma(y, f, -1.2420140846e-1f);
  y = std::fma(y, f, 1.4249322787e-1f);
  y = std::fma(y, f, -1.6668057665e-1f);
  y = std::fma(y, f, 2.0000714765e-1f);
  y = std::fma(y, f, -2.4999993993e-1f);
  y = std::fma(y, f, 3.3333331174e-1f);
  y = std::fma(y * f, z, e * -2.12194440e-4f);
  y = std::fma(-z, 0.5f, y);
  return std::fma(e, 0.693359375f, f + y);
}

struct SinCos {
  float sin, cos;
};

// Same origin; x is in [0, 2 pi].
SinCos CephesSinCos(float x) {
  const int32_t j = (static_cast<int32_t>(x * 1.27323954473516f) + 1) & ~1;
  const float y = static_cast<float>(j);
  x = std::fma(y, -0.78515625f, x);
  x = std::fma(y, -2.4187564849853515625e-4f, x);
  x = std::fma(y, -3.77489497744594108e-8f, x);
  const float z = x * x;
  float c = std::fma(2.443315711809948e-5f, z, -1.388731625493765e-3f);
  c = std::fma(c, z, 4.166664568298827e-2f) * z;
  c = std::fma(c, z, -(z * 0.5f)) + 1;
  float s = std::fma(-1.9515295891e-4f, z, 8.3321608736e-3f);
  s = std::fma(s, z, -1.6666654611e-1f) * z;
  s = std::fma(s, x, x);
  const bool swapped = (j & 2) != 0;
  const float sin = swapped ? c : s;
  const float cos = swapped ? s : c;
  return {(j & 4) != 0 ? -sin : sin, ((j - 2) & 4) == 0 ? -cos : cos};
}

// Turns 16 uniforms into 16 normals by the Box-Muller method; value j is paired with value j + 8.
void NormalBlock(float* x, double mean, double std) {
  constexpr float kTwoPi = static_cast<float>(2 * std::numbers::pi);
  const float shift = static_cast<float>(mean);
  const float scale = static_cast<float>(std);
  for (size_t j = 0; j < kPairs; ++j) {
    const float radius = std::sqrt(-2 * CephesLog(1 - x[j]));
    const SinCos angle = CephesSinCos(kTwoPi * x[j + kPairs]);
    x[j] = std::fma(radius * angle.cos, scale, shift);
    x[j + kPairs] = std::fma(radius * angle.sin, scale, shift);
  }
}

void NormalBlock(double* x, double mean, double std) {
  for (size_t j = 0; j < kPairs; ++j) {
    const double radius = std::sqrt(-2 * std::log(1 - x[j]));
    const double angle = 2 * std::numbers::pi * x[j + kPairs];
    x[j] = std::fma(radius * std::cos(angle), std, mean);
    x[j + kPairs] = std::fma(radius * std::sin(angle), std, mean);
  }
}

}  // namespace

template <>
float TorchGenerator::UnitUniform<float>() {
  return static_cast<float>(Next32() & 0xFFFFFF) * 0x1p-24f;
}

template <>
double TorchGenerator::UnitUniform<double>() {
  return static_cast<double>(Bits() & 0x1FFFFFFFFFFFFF) * 0x1p-53;
}

double TorchGenerator::StandardNormal() {
  if (kept_) {
    const double value = *kept_;
    kept_.reset();
    return value;
  }
  const double u1 = UnitUniform<double>();
  const double u2 = UnitUniform<double>();
  const double radius = std::sqrt(-2 * std::log1p(-u2));
  const double angle = 2 * std::numbers::pi * u1;
  kept_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

template <typename T>
void TorchGenerator::FillNormal(std::span<T> out, double mean, double std) {
  if (out.size() < kBlock) {
    for (T& value : out) value = static_cast<T>(std::fma(StandardNormal(), std, mean));
    return;
  }
  for (T& value : out) value = UnitUniform<T>();
  for (size_t i = 0; i + kBlock <= out.size(); i += kBlock) NormalBlock(&out[i], mean, std);
  if (out.size() % kBlock == 0) return;
  // An incomplete last block is not filled up: the last 16 values are all drawn again.
  const std::span<T> last = out.last(kBlock);
  for (T& value : last) value = UnitUniform<T>();
  NormalBlock(last.data(), mean, std);
}

void TorchGenerator::Normal(std::span<float> out, double mean, double std) {
  FillNormal(out, mean, std);
}

void TorchGenerator::Normal(std::span<double> out, double mean, double std) {
  FillNormal(out, mean, std);
}

void TorchGenerator::Uniform(std::span<float> out, double low, double high) {
  const float from = static_cast<float>(low);
  const float range = static_cast<float>(high) - from;
  for (float& value : out) value = std::fma(UnitUniform<float>(), range, from);
}

void TorchGenerator::Uniform(std::span<double> out, double low, double high) {
  for (double& value : out) value = std::fma(UnitUniform<double>(), high - low, low);
}

void TorchGenerator::Permutation(std::span<uint32_t> out) {
  std::iota(out.begin(), out.end(), uint32_t{0});
  for (size_t i = 0; i + 1 < out.size(); ++i) {
    std::swap(out[i], out[i + Next32() % (out.size() - i)]);
  }
}

void TorchGenerator::EpochOrder(std::span<uint32_t> out, OrderKind kind) {
  if (kind == OrderKind::kPermutation) return Permutation(out);
  Bits();  // seeds the worker processes of PyTorch, which draw nothing here
  TorchGenerator(Bits()).Permutation(out);
}

uint64_t TorchGenerator::Below(uint64_t bound) {
  return bound > UINT32_MAX ? Bits() % bound : Next32() % bound;
}

}  // namespace nabla
