#include "framework/base/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/error.h"

namespace nabla {
namespace {

class GeneratorTest : public testing::TestWithParam<RngKind> {
 protected:
  std::unique_ptr<Generator> Make(uint64_t seed) const { return MakeGenerator(GetParam(), seed); }
};

// Some of everything, as one list of numbers.
std::vector<double> Draw(Generator& generator) {
  std::vector<double> all;
  std::vector<float> floats(37);
  std::vector<double> doubles(7);
  std::vector<uint32_t> order(11);
  generator.Normal(std::span(doubles), 0, 1);
  all.insert(all.end(), doubles.begin(), doubles.end());
  generator.Normal(std::span(floats), 1, 2);
  all.insert(all.end(), floats.begin(), floats.end());
  generator.Uniform(std::span(floats), -1, 1);
  all.insert(all.end(), floats.begin(), floats.end());
  generator.Uniform(std::span(doubles), -1, 1);
  all.insert(all.end(), doubles.begin(), doubles.end());
  generator.Permutation(order);
  all.insert(all.end(), order.begin(), order.end());
  generator.EpochOrder(order, OrderKind::kDataLoader);
  all.insert(all.end(), order.begin(), order.end());
  all.push_back(static_cast<double>(generator.Bits() >> 11));
  all.push_back(static_cast<double>(generator.Below(1000)));
  return all;
}

TEST_P(GeneratorTest, SeedDecidesEverything) {
  EXPECT_EQ(Draw(*Make(3)), Draw(*Make(3)));
  EXPECT_NE(Draw(*Make(3)), Draw(*Make(4)));
}

// Stops after any number of doubles: with or without a kept normal, anywhere in the engine's table.
TEST_P(GeneratorTest, ContinuesExactlyFromAState) {
  for (const size_t count : {0, 1, 2, 3, 15, 311, 312, 313, 700}) {
    SCOPED_TRACE(count);
    const std::unique_ptr<Generator> original = Make(8);
    std::vector<double> one(1);
    for (size_t i = 0; i < count; ++i) original->Normal(std::span(one), 0, 1);
    const std::vector<uint8_t> state = original->State();
    const std::unique_ptr<Generator> copy = Make(99);
    Draw(*copy);
    copy->SetState(state);
    EXPECT_EQ(copy->State(), state);
    EXPECT_EQ(Draw(*copy), Draw(*original));
    EXPECT_EQ(copy->State(), original->State());
  }
}

TEST_P(GeneratorTest, RefusesStatesThatCannotBeItsOwn) {
  const std::unique_ptr<Generator> generator = Make(1);
  const std::vector<uint8_t> good = generator->State();
  std::vector<uint8_t> shorter(good.begin(), good.end() - 1);
  std::vector<uint8_t> longer = good;
  longer.push_back(0);
  std::vector<uint8_t> other = good;
  other[0] ^= 3;
  for (const std::vector<uint8_t>& bad : {shorter, longer, other, std::vector<uint8_t>()}) {
    EXPECT_THROW(generator->SetState(bad), InputError);
  }
  EXPECT_EQ(generator->State(), good);
}

TEST_P(GeneratorTest, RefusesDamagedStates) {
  const bool twister = GetParam() == RngKind::kTorch || GetParam() == RngKind::kNumpy;
  if (!twister) GTEST_SKIP() << "the state is no Mersenne Twister's";
  const std::unique_ptr<Generator> generator = Make(1);
  const std::vector<uint8_t> good = generator->State();
  std::vector<uint8_t> beyond_table = good;
  beyond_table[1 + 624 * 4 + 2] = 1;
  std::vector<uint8_t> odd_flag = good;
  odd_flag[1 + 625 * 4] = 2;
  EXPECT_THROW(generator->SetState(beyond_table), InputError);
  EXPECT_THROW(generator->SetState(odd_flag), InputError);
  EXPECT_EQ(generator->State(), good);
}

TEST_P(GeneratorTest, OrdersArePermutations) {
  const std::unique_ptr<Generator> generator = Make(2);
  for (const OrderKind kind : {OrderKind::kPermutation, OrderKind::kDataLoader}) {
    std::vector<uint32_t> order(5000);
    generator->EpochOrder(order, kind);
    std::vector<bool> seen(order.size());
    for (const uint32_t index : order) seen.at(index) = true;
    EXPECT_EQ(std::count(seen.begin(), seen.end(), true), 5000);
  }
}

TEST_P(GeneratorTest, OnlyTorchHasAnOrderOfDataLoader) {
  std::vector<uint32_t> plain(50), loader(50);
  Make(5)->Permutation(plain);
  Make(5)->EpochOrder(loader, OrderKind::kDataLoader);
  EXPECT_EQ(plain != loader, GetParam() == RngKind::kTorch);
}

std::string KindName(const testing::TestParamInfo<RngKind>& info) {
  if (info.param == RngKind::kTorch) return "torch";
  if (info.param == RngKind::kNumpyDefault) return "numpy_default";
  return info.param == RngKind::kNumpy ? "numpy" : "nabla";
}

INSTANTIATE_TEST_SUITE_P(Kinds, GeneratorTest,
                         testing::Values(RngKind::kNabla, RngKind::kTorch, RngKind::kNumpy,
                                         RngKind::kNumpyDefault),
                         KindName);

}  // namespace
}  // namespace nabla
