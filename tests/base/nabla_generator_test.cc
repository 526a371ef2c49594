#include "framework/base/nabla_generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "tests/base/digest.h"

namespace nabla {
namespace {

constexpr size_t kMany = 200000;

std::vector<double> Normals(uint64_t seed, size_t n, double mean = 0, double std = 1) {
  std::vector<double> values(n);
  NablaGenerator(seed).Normal(std::span(values), mean, std);
  return values;
}

std::vector<double> Uniforms(uint64_t seed, size_t n) {
  std::vector<double> values(n);
  NablaGenerator(seed).Uniform(std::span(values), 0, 1);
  return values;
}

// Mean of (value - centre)^power.
double Moment(const std::vector<double>& values, double centre, int power) {
  double sum = 0;
  for (const double value : values) sum += std::pow(value - centre, power);
  return sum / static_cast<double>(values.size());
}

// Kolmogorov and Smirnov's statistic sqrt(n) sup |F_n - F|: above 1.63 once in a hundred samples,
// above 1.95 once in a thousand.
template <typename Distribution>
double KolmogorovSmirnov(std::vector<double> values, Distribution distribution) {
  std::sort(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  double largest = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double p = distribution(values[i]);
    largest = std::max({largest, p - i / n, (i + 1) / n - p});
  }
  return std::sqrt(n) * largest;
}

double Correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size());
}

// Known answers come from a separate model of the generator, written in Python.

TEST(NablaGeneratorTest, KnownUniforms) {
  const std::vector<double> values = Uniforms(42, 10000);
  EXPECT_EQ(values[0], 0.4685865183391049);
  EXPECT_EQ(values[1], 0.34086154938517876);
  EXPECT_EQ(Digest(values), "83524f7cac17d7beb2f7bfb86d56307797594e17e871e68f7a26aaeff02a10c0");
}

TEST(NablaGeneratorTest, KnownNormals) {
  const double known[] = {0.07882346885253193, 0.4101129427956516,  0.44803662789792786,
                          0.11476523741853353, -1.0014049862569212, -0.6020071628564501,
                          -0.951639767878794,  0.3077768475777059};
  const std::vector<double> values = Normals(42, std::size(known));
  for (size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], known[i], 1e-15) << i;
}

// Every compiler and machine must give these bits, or seeds stop meaning anything.
TEST(NablaGeneratorTest, BitsOfNormalsNeverChange) {
  EXPECT_EQ(Digest(Normals(42, 100000)),
            "c42a486bcfdd150dffbf7343b49f325e13bb3838fcec9a2c3bf1b19c55066ca2");
  std::vector<float> floats(100000);
  NablaGenerator(42).Normal(std::span(floats), 0.5, 2);
  EXPECT_EQ(Digest(floats), "7fd23006d2be513d2e0e4bcfe2d0269ddf93e36a7e8a20e45901f28b25658134");
}

TEST(NablaGeneratorTest, KnownPermutations) {
  NablaGenerator generator(42);
  std::vector<uint32_t> order(10);
  generator.Permutation(order);
  EXPECT_EQ(order, (std::vector<uint32_t>{5, 1, 8, 6, 0, 2, 4, 9, 7, 3}));
  generator.Permutation(order);
  EXPECT_EQ(order, (std::vector<uint32_t>{6, 9, 8, 7, 2, 0, 4, 1, 3, 5}));
  std::vector<uint32_t> large(60000);
  NablaGenerator(42).Permutation(large);
  EXPECT_EQ(Digest(large), "a33efa6b851f36923fd4a8cabca17718d5739ee29c8a4e7cc6f7c54288aa407c");
}

TEST(NablaGeneratorTest, KnownIntegers) {
  NablaGenerator generator(42);
  for (const uint64_t known : {4, 3, 3, 4, 6, 7, 6, 3, 8, 2, 2, 0}) {
    EXPECT_EQ(generator.Below(10), known);
  }
  NablaGenerator bits(42);
  EXPECT_EQ(bits.Bits(), 0x77F5493B9CEAF053u);
  EXPECT_EQ(bits.Bits(), 0x5742B3D712BF50ADu);
}

TEST(NablaGeneratorTest, NormalsHaveTheMomentsAndTheShape) {
  const double root = std::sqrt(static_cast<double>(kMany));
  for (uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<double> values = Normals(seed, kMany);
    // Four standard errors: those of the moments are 1, sqrt 2, sqrt 15 and sqrt 96 over root n.
    EXPECT_NEAR(Moment(values, 0, 1), 0, 4 / root);
    EXPECT_NEAR(Moment(values, 0, 2), 1, 4 * std::sqrt(2.0) / root);
    EXPECT_NEAR(Moment(values, 0, 3), 0, 4 * std::sqrt(15.0) / root);
    EXPECT_NEAR(Moment(values, 0, 4), 3, 4 * std::sqrt(96.0) / root);
    EXPECT_LT(
        KolmogorovSmirnov(values, [](double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }),
        1.95);
  }
}

TEST(NablaGeneratorTest, UniformsHaveTheMomentsAndTheShape) {
  const double root = std::sqrt(static_cast<double>(kMany));
  for (uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<double> values = Uniforms(seed, kMany);
    EXPECT_NEAR(Moment(values, 0.5, 1), 0, 4 * std::sqrt(1 / 12.0) / root);
    EXPECT_NEAR(Moment(values, 0.5, 2), 1 / 12.0, 4 * std::sqrt(1 / 180.0) / root);
    EXPECT_LT(KolmogorovSmirnov(values, [](double x) { return x; }), 1.95);
    EXPECT_GE(*std::min_element(values.begin(), values.end()), 0);
    EXPECT_LT(*std::max_element(values.begin(), values.end()), 1);
  }
}

TEST(NablaGeneratorTest, NeighboursAndSeedsAreUnrelated) {
  const double bound = 4 / std::sqrt(static_cast<double>(kMany));
  const std::vector<double> values = Normals(1, kMany + 2);
  const std::vector<double> head(values.begin(), values.end() - 2);
  for (const int lag : {1, 2}) {
    const std::vector<double> shifted(values.begin() + lag, values.end() - 2 + lag);
    EXPECT_NEAR(Correlation(head, shifted), 0, bound);
  }
  EXPECT_NEAR(Correlation(head, Normals(2, kMany)), 0, bound);
  EXPECT_NEAR(Correlation(head, Normals(uint64_t{1} << 32 | 1, kMany)), 0, bound);
}

TEST(NablaGeneratorTest, MeanAndStdMoveAndScale) {
  const std::vector<double> plain = Normals(9, 1000);
  const std::vector<double> moved = Normals(9, 1000, 3, 0.25);
  for (size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(moved[i], std::fma(plain[i], 0.25, 3));
  }
}

TEST(NablaGeneratorTest, FloatsComeFromTheSameSlotsAsDoubles) {
  std::vector<float> floats(1001);
  NablaGenerator(5).Normal(std::span(floats), 1, 2);
  const std::vector<double> doubles = Normals(5, 1001, 1, 2);
  EXPECT_EQ(floats, std::vector<float>(doubles.begin(), doubles.end()));
  NablaGenerator(5).Uniform(std::span(floats), 0, 1);
  const std::vector<double> uniforms = Uniforms(5, 1001);
  for (size_t i = 0; i < floats.size(); ++i) {
    EXPECT_EQ(floats[i], std::floor(uniforms[i] * 0x1p24) * 0x1p-24);
  }
}

TEST(NablaGeneratorTest, HoweverASpanIsCutTheValuesStay) {
  const std::vector<double> whole = Normals(3, 1000);
  std::vector<double> parts(1000);
  NablaGenerator generator(3);
  size_t done = 0;
  for (size_t size = 1; done < parts.size(); size = size * 2 + 1) {
    const std::span<double> part = std::span(parts).subspan(done, std::min(size, 1000 - done));
    generator.Normal(part, 0, 1);
    done += part.size();
  }
  EXPECT_EQ(parts, whole);
}

TEST(NablaGeneratorTest, UniformKeepsToItsBounds) {
  std::vector<float> values(10000);
  NablaGenerator(1).Uniform(std::span(values), -0.25, 0.75);
  for (const float value : values) {
    EXPECT_GE(value, -0.25f);
    EXPECT_LE(value, 0.75f);
  }
}

TEST(NablaGeneratorTest, AllPermutationsAreEquallyLikely) {
  constexpr int kDraws = 24000;
  std::map<std::vector<uint32_t>, int> counts;
  NablaGenerator generator(0);
  std::vector<uint32_t> order(4);
  for (int i = 0; i < kDraws; ++i) {
    generator.Permutation(order);
    ++counts[order];
  }
  ASSERT_EQ(counts.size(), 24u);
  double chi_square = 0;
  for (const auto& [permutation, count] : counts) {
    chi_square += (count - kDraws / 24.0) * (count - kDraws / 24.0) / (kDraws / 24.0);
  }
  EXPECT_LT(chi_square, 49.7);  // 23 degrees of freedom, exceeded once in a thousand
}

// A bound of 3 * 2^62 rejects a quarter of the draws; without rejection the lowest third of the
// results would come up half of the time.
TEST(NablaGeneratorTest, LargeBoundsAreUnbiased) {
  constexpr int kDraws = 30000;
  constexpr uint64_t kPart = uint64_t{1} << 62;
  std::array<int, 3> counts = {};
  NablaGenerator generator(0);
  for (int i = 0; i < kDraws; ++i) ++counts.at(generator.Below(3 * kPart) / kPart);
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 3.0, 4 * std::sqrt(kDraws * 2 / 9.0));
  EXPECT_EQ(generator.Below(1), 0u);
}

TEST(NablaGeneratorTest, SmallPermutations) {
  NablaGenerator generator(0);
  generator.Permutation({});
  std::vector<uint32_t> one = {7};
  generator.Permutation(one);
  EXPECT_EQ(one[0], 0u);
}

}  // namespace
}  // namespace nabla
