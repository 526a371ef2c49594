#include "framework/data/digits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "framework/base/sha256.h"

namespace nabla {
namespace {

constexpr size_t kPixels = 28 * 28;

struct Digits {
  Digits(uint64_t seed, size_t count, size_t first = 0) : pixels(count * kPixels), labels(count) {
    DrawDigits(seed, count, first, pixels.data(), labels.data());
  }

  std::vector<uint8_t> pixels;
  std::vector<uint8_t> labels;
};

TEST(DigitsTest, AnyRangeIsPartOfTheSameSequence) {
  const Digits whole(3, 1200);
  const Digits part(3, 150, 950);
  EXPECT_TRUE(
      std::equal(part.pixels.begin(), part.pixels.end(), whole.pixels.begin() + 950 * kPixels));
  EXPECT_TRUE(std::equal(part.labels.begin(), part.labels.end(), whole.labels.begin() + 950));
}

// The same bits with every compiler, instruction set and sanitizer.
TEST(DigitsTest, Determinism) {
  const Digits digits(0, 1000, 60000);
  EXPECT_EQ(Sha256Hex(digits.labels),
            "8f81d2507ad3fb53a8146d43439639b327f19c04efd90e37cfc1dfd26d25c8a2");
  EXPECT_EQ(Sha256Hex(digits.pixels),
            "a454360187bf9f7008dbb77fe380f500f8594fd8bac9fc2e03e1098943fa4975");
}

TEST(DigitsTest, SeedsDiffer) {
  const Digits one(1, 100);
  const Digits two(2, 100);
  EXPECT_NE(one.pixels, two.pixels);
  EXPECT_NE(one.labels, two.labels);
}

TEST(DigitsTest, LabelsAreBalancedAndMixed) {
  const Digits digits(5, 2000, 3000);
  for (size_t block = 0; block < 2; ++block) {
    std::array<int, 10> counts = {};
    for (size_t i = 0; i < 1000; ++i) ++counts[digits.labels[block * 1000 + i]];
    for (const int count : counts) EXPECT_EQ(count, 100);
  }
  int repeats = 0;
  for (size_t i = 1; i < 2000; ++i) repeats += digits.labels[i] == digits.labels[i - 1];
  EXPECT_NEAR(repeats, 200, 60);
}

// MNIST: 80.9 % of the pixels are zero, the mean is 33.3.
TEST(DigitsTest, InkLikeMnist) {
  const Digits digits(1, 3000);
  double zeros = 0;
  double sum = 0;
  for (const uint8_t pixel : digits.pixels) {
    zeros += pixel == 0;
    sum += pixel;
  }
  const double count = static_cast<double>(digits.pixels.size());
  EXPECT_NEAR(zeros / count, 0.809, 0.02);
  EXPECT_NEAR(sum / count, 33.3, 2.0);
  EXPECT_EQ(*std::max_element(digits.pixels.begin(), digits.pixels.end()), 255);
}

// MNIST's nearest class mean is right for 82 % of the images.
TEST(DigitsTest, ClassesCanBeToldApart) {
  const Digits train(1, 5000);
  const Digits test(1, 1000, 5000);
  std::vector<double> means(10 * kPixels);
  for (size_t i = 0; i < 5000; ++i) {
    for (size_t k = 0; k < kPixels; ++k) {
      means[train.labels[i] * kPixels + k] += train.pixels[i * kPixels + k] / 500.0;
    }
  }
  int right = 0;
  for (size_t i = 0; i < 1000; ++i) {
    std::array<double, 10> distances = {};
    for (size_t c = 0; c < 10; ++c) {
      for (size_t k = 0; k < kPixels; ++k) {
        const double d = means[c * kPixels + k] - test.pixels[i * kPixels + k];
        distances[c] += d * d;
      }
    }
    const auto nearest = std::min_element(distances.begin(), distances.end());
    right += nearest - distances.begin() == test.labels[i];
  }
  EXPECT_GT(right, 700);
  EXPECT_LT(right, 950);
}

}  // namespace
}  // namespace nabla
