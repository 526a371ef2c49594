#include "framework/engine/step.h"

#include <gtest/gtest.h>

#include "framework/kernels/simd.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

constexpr const char* kNet = R"(
model:
  - {name: linear, units: 33}
  - sigmoid
  - {name: linear, units: 20, bias: false, weight: he_normal}
  - relu
  - {name: linear, units: 10, bias_step_over_batch: true}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.3}
)";

template <typename T>
class StepTest : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(StepTest, Numbers);

// The numeric contract: no block, tile, chunk, thread or SIMD width shows in a bit of the weights.
TYPED_TEST(StepTest, NoCutChangesABit) {
  const Samples samples = ToySamples(300, 61, 10);
  std::string expected;
  for (const size_t threads : {1, 2, 3, 8}) {
    for (const size_t chunk : {100, 64, 7}) {
      for (const size_t block : {48, 12, 5, 1}) {
        for (const size_t tile : {64, 12, 1}) {
          Toy<TypeParam> toy(kNet, ToyRegistry(), samples);
          Threads crew(threads);
          Plan plan = MakePlan(*toy.network, 100, threads);
          plan.chunk_rows = chunk;
          plan.block_rows = block;
          plan.parallel = true;
          plan.tiles.clear();
          plan.tile_numbers = 0;
          for (size_t p = 0; p < toy.network->parameters().size(); ++p) {
            const auto value = toy.network->parameters()[p].value.view();
            for (size_t begin = 0; begin < value.rows; begin += tile) {
              plan.tiles.push_back({p, begin, std::min(value.rows, begin + tile)});
            }
            plan.tile_numbers = std::max(plan.tile_numbers, tile * value.stride);
          }
          const std::string hash = toy.Train(100, crew, plan, 6);
          if (expected.empty()) expected = hash;
          ASSERT_EQ(hash, expected) << threads << " threads, chunks of " << chunk << ", blocks of "
                                    << block << ", tiles of " << tile;
        }
      }
    }
  }
}

TYPED_TEST(StepTest, SimdWidthDoesNotChangeABit) {
  std::vector<std::string> hashes;
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    Registry registry;
    RegisterBuiltins(registry);
    Toy<TypeParam> toy(kNet, registry, ToySamples(300, 61, 10));
    Threads crew(2);
    hashes.push_back(toy.Train(100, crew, MakePlan(*toy.network, 100, 2), 20));
  }
  SetSimd("");
  if (hashes.size() < 2) GTEST_SKIP() << "this CPU has only one of the SIMD targets";
  EXPECT_EQ(hashes[0], hashes[1]);
}

// A short batch uses the same memory and still gives the mean over its own rows.
TYPED_TEST(StepTest, ShortBatchEqualsItsOwnStep) {
  const Samples samples = ToySamples(100, 61, 10);
  Threads crew(2);
  Toy<TypeParam> in_large(kNet, ToyRegistry(), samples);
  Toy<TypeParam> alone(kNet, ToyRegistry(), samples);
  std::vector<uint32_t> order = {5, 99, 17};
  Step<TypeParam> large = in_large.MakeStep(100, crew, MakePlan(*in_large.network, 100, 2));
  Step<TypeParam> small = alone.MakeStep(3, crew, MakePlan(*alone.network, 3, 2));
  const BatchFigures a = large.Train(order, 0.3, 1, 0);
  const BatchFigures b = small.Train(order, 0.3, 1, 0);
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.right, b.right);
  EXPECT_EQ(in_large.network->Hash(), alone.network->Hash());
}

}  // namespace
}  // namespace nabla
