// Choices of rows, with the answers that numpy_order_vectors.py prints (NumPy 1.24.2).
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "framework/base/generator.h"

namespace nabla {
namespace {

std::vector<uint32_t> Chosen(Generator& generator, size_t n, size_t count) {
  std::vector<uint32_t> rows(count);
  Choose(generator, n, rows);
  return rows;
}

std::vector<uint32_t> First(const std::vector<uint32_t>& rows) {
  return {rows.begin(), rows.begin() + 4};
}

uint64_t WeightedSum(const std::vector<uint32_t>& rows) {
  uint64_t sum = 0;
  for (size_t i = 0; i < rows.size(); ++i) sum += i * rows[i];
  return sum;
}

TEST(ChooseTest, LegacyChoiceIsTheBeginningOfAPermutation) {
  const auto rng = MakeGenerator(RngKind::kNumpy, 3);
  EXPECT_EQ(Chosen(*rng, 20, 5), (std::vector<uint32_t>{14, 2, 1, 17, 4}));
  EXPECT_EQ(Chosen(*rng, 20, 5), (std::vector<uint32_t>{4, 9, 7, 6, 19}));
  for (const uint32_t expected : {1, 15, 16, 5, 17}) EXPECT_EQ(rng->Below(20), expected);
  for (const uint32_t expected : {5, 6, 4, 4, 6, 0}) EXPECT_EQ(rng->Below(7), expected);
}

TEST(ChooseTest, DefaultRngHasTwoMethods) {
  const auto rng = MakeGenerator(RngKind::kNumpyDefault, 3);
  EXPECT_EQ(Chosen(*rng, 20, 5), (std::vector<uint32_t>{3, 12, 1, 4, 19}));
  EXPECT_EQ(Chosen(*rng, 20, 5), (std::vector<uint32_t>{11, 9, 7, 1, 5}));
  const std::vector<uint32_t> many = Chosen(*rng, 20000, 1000);
  EXPECT_EQ(First(many), (std::vector<uint32_t>{1049, 11194, 6171, 5189}));
  EXPECT_EQ(WeightedSum(many), 4955231209u);
  const std::vector<uint32_t> few = Chosen(*rng, 20000, 100);
  EXPECT_EQ(First(few), (std::vector<uint32_t>{15584, 9078, 4891, 11933}));
  EXPECT_EQ(WeightedSum(few), 54026947u);
  EXPECT_EQ(Chosen(*rng, 6, 6), (std::vector<uint32_t>{5, 2, 3, 1, 0, 4}));
  EXPECT_EQ(First(Chosen(*rng, 20001, 20001)), (std::vector<uint32_t>{15347, 1636, 15215, 13977}));
  double next = 0;
  rng->Uniform(std::span(&next, 1), 0, 1);
  EXPECT_EQ(next, 0.10258772574072794);
}

TEST(ChooseTest, NoKindChoosesTwice) {
  for (const RngKind kind :
       {RngKind::kNabla, RngKind::kTorch, RngKind::kNumpy, RngKind::kNumpyDefault}) {
    const auto rng = MakeGenerator(kind, 1);
    for (const size_t count : {0, 1, 7, 50}) {
      std::vector<uint32_t> rows = Chosen(*rng, 50, count);
      std::ranges::sort(rows);
      EXPECT_EQ(std::ranges::adjacent_find(rows), rows.end());
      EXPECT_TRUE(rows.empty() || rows.back() < 50);
    }
  }
}

}  // namespace
}  // namespace nabla
