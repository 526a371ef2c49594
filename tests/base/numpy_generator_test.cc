#include "framework/base/numpy_generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "tests/base/digest.h"

namespace nabla {
namespace {

// Known answers are NumPy 1.24.2's.

std::vector<int64_t> Order(NumpyGenerator& generator, size_t n) {
  std::vector<uint32_t> order(n);
  generator.Permutation(order);
  return {order.begin(), order.end()};
}

std::vector<double> Randn(NumpyGenerator& generator, size_t n) {
  std::vector<double> values(n);
  generator.Normal(std::span(values), 0, 1);
  return values;
}

template <typename T>
std::vector<T> Slice(const std::vector<T>& values, size_t from, size_t count) {
  return {values.begin() + from, values.begin() + from + count};
}

TEST(NumpyGeneratorTest, PermutationOf70000) {
  NumpyGenerator generator(42);
  const std::vector<int64_t> order = Order(generator, 70000);
  EXPECT_EQ(Slice(order, 0, 10), (std::vector<int64_t>{46730, 48393, 41416, 34506, 43725, 11615,
                                                       24656, 22411, 936, 56364}));
  EXPECT_EQ(Slice(order, 69996, 4), (std::vector<int64_t>{6265, 54886, 860, 15795}));
  EXPECT_EQ(std::accumulate(order.begin(), order.end(), int64_t{0}), 2449965000);
  EXPECT_EQ(Digest(order), "9924cf7744b20bf467720346be83c19e07e24a7012d47083971662fc648c3448");
}

// scikit-learn's train_test_split(test_size=0.2, random_state=42): the first fifth is the test set.
TEST(NumpyGeneratorTest, TrainTestSplit) {
  NumpyGenerator generator(42);
  EXPECT_EQ(
      Slice(Order(generator, 70000), 14000, 10),
      (std::vector<int64_t>{47339, 67456, 12308, 32557, 664, 21003, 29637, 57937, 23680, 26306}));
}

TEST(NumpyGeneratorTest, PermutationOf10) {
  NumpyGenerator generator(42);
  EXPECT_EQ(Order(generator, 10), (std::vector<int64_t>{8, 1, 5, 0, 7, 2, 9, 4, 3, 6}));
}

TEST(NumpyGeneratorTest, Randn) {
  NumpyGenerator generator(0);
  EXPECT_EQ(Randn(generator, 7),
            (std::vector<double>{1.764052345967664, 0.40015720836722329, 0.9787379841057392,
                                 2.2408931992014578, 1.8675579901499675, -0.97727787987641102,
                                 0.95008841752558937}));
}

TEST(NumpyGeneratorTest, RandomSample) {
  std::vector<double> values(5);
  NumpyGenerator(0).Uniform(std::span(values), 0, 1);
  EXPECT_EQ(values,
            (std::vector<double>{0.54881350392732475, 0.71518936637241948, 0.60276337607164387,
                                 0.54488318299689686, 0.42365479933890471}));
}

TEST(NumpyGeneratorTest, PermutationThenRandn) {
  NumpyGenerator generator(0);
  const std::vector<int64_t> order = Order(generator, 60000);
  EXPECT_EQ(Slice(order, 0, 5), (std::vector<int64_t>{3048, 19563, 58303, 8870, 40228}));
  EXPECT_EQ(Digest(order), "7e036c4b3f1dd66e54edf1c84c91af7933021075586bc01f9f38916f0fa3f23e");
  EXPECT_EQ(Randn(generator, 3),
            (std::vector<double>{1.2968428387243598, 1.3365440764926542, -1.2355721490905716}));
}

TEST(NumpyGeneratorTest, TwoWeightMatrices) {
  NumpyGenerator generator(0);
  const std::vector<double> first = Randn(generator, 784 * 256);
  const std::vector<double> second = Randn(generator, 256 * 10);
  EXPECT_EQ(Slice(second, 0, 3),
            (std::vector<double>{-1.928208597274063, -0.71324613183560825, -1.3319131771476207}));
  EXPECT_NEAR(std::accumulate(first.begin(), first.end(), 0.0), 650.14452790114478, 1e-9);
  EXPECT_NEAR(std::accumulate(second.begin(), second.end(), 0.0), -1.1055790314232288, 1e-9);
  EXPECT_EQ(Digest(first), "88d5e158be68715127446e7c4d64ac6820f1b35d23fbcc45d1c18dbd80a3398a");
  EXPECT_EQ(Digest(second), "6eae2512df9e2aa026160a6305095005aee565021ddd817524c62f378bdec7b7");
}

TEST(NumpyGeneratorTest, FloatsAreRoundedDoubles) {
  NumpyGenerator wide(3), narrow(3);
  std::vector<double> doubles(101);
  std::vector<float> floats(101);
  wide.Normal(std::span(doubles), 1, 0.5);
  narrow.Normal(std::span(floats), 1, 0.5);
  EXPECT_EQ(floats, std::vector<float>(doubles.begin(), doubles.end()));
  wide.Uniform(std::span(doubles), -2, 3);
  narrow.Uniform(std::span(floats), -2, 3);
  EXPECT_EQ(floats, std::vector<float>(doubles.begin(), doubles.end()));
}

TEST(NumpyGeneratorTest, BelowDrawsNothingForOneValue) {
  NumpyGenerator generator(0);
  EXPECT_EQ(generator.Below(1), 0u);
  EXPECT_EQ(generator.Below(uint64_t{1} << 32), 2357136044u);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(generator.Below(uint64_t{5} << 40), uint64_t{5} << 40);
}

TEST(NumpyGeneratorTest, RefusesSeedsOfMoreThan32Bits) {
  EXPECT_NO_THROW(NumpyGenerator(UINT32_MAX));
  EXPECT_THROW(NumpyGenerator(uint64_t{UINT32_MAX} + 1), InputError);
}

}  // namespace
}  // namespace nabla
