#include "framework/engine/step.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "framework/kernels/simd.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

// Cuts of a plan that give other items to other workers.
struct Cut {
  size_t chunk;
  size_t block;
  size_t tile;
};

template <typename T>
Plan CutPlan(const Network<T>& network, size_t threads, const Cut& cut) {
  Plan plan = MakePlan(network, 100, threads);
  plan.chunk_rows = cut.chunk;
  plan.shared.block_rows = cut.block;
  plan.mode = ThreadMode::kShared;
  plan.shared.tiles.clear();
  plan.shared.tile_numbers = 0;
  for (size_t p = 0; p < network.parameters().size(); ++p) {
    if (!network.parameters()[p].trained) continue;
    const auto value = network.parameters()[p].value.view();
    for (size_t begin = 0; begin < value.rows; begin += cut.tile) {
      plan.shared.tiles.push_back({p, begin, std::min(value.rows, begin + cut.tile)});
    }
    plan.shared.tile_numbers = std::max(plan.shared.tile_numbers, cut.tile * value.stride);
  }
  for (size_t i = 0; i < plan.coupled.size(); ++i) {
    plan.shared.channel_tiles[i].clear();
    for (size_t g = 0; g < network.layers()[plan.coupled[i]].channels; ++g) {
      plan.shared.channel_tiles[i].push_back({g, g + 1});
    }
  }
  return plan;
}

template <typename T>
void ExpectSameBits(const char* net, const Samples& samples, const std::vector<Cut>& cuts) {
  std::string expected;
  for (const size_t threads : {1, 2, 3, 8}) {
    for (const Cut& cut : cuts) {
      Toy<T> toy(net, ToyRegistry(), samples);
      Threads pool(threads);
      const std::string hash = toy.Train(100, pool, CutPlan(*toy.network, threads, cut), 6);
      if (expected.empty()) expected = hash;
      ASSERT_EQ(hash, expected) << threads << " threads, chunks of " << cut.chunk << ", blocks of "
                                << cut.block << ", tiles of " << cut.tile;
    }
  }
}

template <typename T>
class StepTest : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(StepTest, Numbers);

// The numeric contract: no block, tile, chunk, thread or SIMD width shows in a bit of the weights.
TYPED_TEST(StepTest, NoCutChangesABit) {
  std::vector<Cut> cuts;
  for (const size_t chunk : {100, 64, 7}) {
    for (const size_t block : {48, 12, 5, 1}) {
      for (const size_t tile : {64, 12, 1}) cuts.push_back({chunk, block, tile});
    }
  }
  ExpectSameBits<TypeParam>(kToyNet, ToySamples(300, 61, 10), cuts);
}

TYPED_TEST(StepTest, NoCutChangesABitOfADeepNet) {
  ExpectSameBits<TypeParam>(kDeepToyNet, ToyImages(),
                            {{100, 48, 64}, {100, 8, 3}, {100, 24, 1}, {100, 104, 10}});
}

TYPED_TEST(StepTest, NoCutChangesABitOfPaths) {
  ExpectSameBits<TypeParam>(kBranchedToyNet, ToyImages(),
                            {{100, 48, 64}, {100, 8, 3}, {100, 24, 1}, {100, 104, 10}});
}

TYPED_TEST(StepTest, NoCutChangesABitOfABag) {
  ExpectSameBits<TypeParam>(kBagToyNet, ToyBags(),
                            {{100, 48, 64}, {64, 12, 12}, {7, 5, 1}, {100, 1, 300}});
}

template <typename T>
void ExpectSameBitsForEverySimd(const char* net, const Samples& samples) {
  std::vector<std::string> hashes;
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    Registry registry;
    RegisterBuiltins(registry);
    Toy<T> toy(net, registry, samples);
    Threads pool(2);
    hashes.push_back(toy.Train(100, pool, MakePlan(*toy.network, 100, 2), 20));
  }
  SetSimd("");
  if (hashes.size() < 2) GTEST_SKIP() << "this CPU has only one of the SIMD targets";
  EXPECT_EQ(hashes[0], hashes[1]);
}

TYPED_TEST(StepTest, SimdWidthDoesNotChangeABit) {
  ExpectSameBitsForEverySimd<TypeParam>(kToyNet, ToySamples(300, 61, 10));
}

TYPED_TEST(StepTest, SimdWidthDoesNotChangeABitOfADeepNet) {
  ExpectSameBitsForEverySimd<TypeParam>(kDeepToyNet, ToyImages());
}

TYPED_TEST(StepTest, SimdWidthDoesNotChangeABitOfPathsAndBags) {
  ExpectSameBitsForEverySimd<TypeParam>(kBranchedToyNet, ToyImages());
  ExpectSameBitsForEverySimd<TypeParam>(kBagToyNet, ToyBags());
}

// Trains dense rows and the same rows as sparse bytes.
template <typename T>
void ExpectSameBitsOfSparseRows(const std::string& net, const Samples& dense) {
  Samples sparse = dense;
  sparse.sparse = std::make_shared<SparseBytes>(MakeSparse(dense.pixels, 300, 61));
  for (const size_t threads : {1, 2, 3}) {
    Threads pool(threads);
    Toy<T> a(net, ToyRegistry(), dense);
    Toy<T> b(net, ToyRegistry(), sparse);
    Plan plan = MakePlan(*a.network, 100, threads);
    plan.mode = ThreadMode::kShared;
    plan.chunk_rows = 36;
    EXPECT_EQ(a.Train(100, pool, plan, 20), b.Train(100, pool, plan, 20)) << net;
    EXPECT_EQ(a.last.loss, b.last.loss);
  }
}

// Nets whose first layer has few outputs.
std::vector<std::string> NarrowNets() {
  std::vector<std::string> nets;
  for (const char* units : {"1", "7", "16", "33", "47"}) {
    std::string net = kToyNet;
    net.replace(net.find("units: 50"), 9, std::string("units: ") + units);
    nets.push_back(net);
  }
  return nets;
}

// Sparse rows are another way to hold the same data: no bit of the training may tell.
TYPED_TEST(StepTest, SparseRowsGiveTheBitsOfDenseOnes) {
  const Samples dense = ToySamples(300, 61, 10);
  ExpectSameBitsOfSparseRows<TypeParam>(kToyNet, dense);
  for (const std::string& net : NarrowNets()) ExpectSameBitsOfSparseRows<TypeParam>(net, dense);
}

// Where byte 0 is not the number 0, few outputs take dense rows.
TYPED_TEST(StepTest, FewOutputsAreNotFolded) {
  Samples dense = ToySamples(300, 61, 10);
  dense.normalization = {.scale = 255, .mean = 0.5, .std = 0.25};
  for (const std::string& net : NarrowNets()) ExpectSameBitsOfSparseRows<TypeParam>(net, dense);
}

// Normalised data is folded: the same for every cut, and close to the dense products.
TYPED_TEST(StepTest, FoldedRowsDependOnNoCutAndAreRight) {
  Samples dense = ToySamples(300, 61, 10);
  dense.normalization = {.scale = 255, .mean = 0.5, .std = 0.25};
  Samples sparse = dense;
  sparse.sparse = std::make_shared<SparseBytes>(MakeSparse(dense.pixels, 300, 61));
  ExpectSameBits<TypeParam>(kToyNet, sparse,
                            {{100, 48, 64}, {36, 12, 128}, {7, 5, 64}, {100, 1, 64}});
  ExpectSameBitsForEverySimd<TypeParam>(kToyNet, sparse);
  Threads pool(2);
  Toy<TypeParam> a(kToyNet, ToyRegistry(), dense);
  Toy<TypeParam> b(kToyNet, ToyRegistry(), sparse);
  const Plan plan = MakePlan(*a.network, 100, 2);
  a.Train(100, pool, plan, 10);
  b.Train(100, pool, plan, 10);
  EXPECT_NE(a.network->Hash(), b.network->Hash()) << "the folded form was not used";
  for (size_t p = 0; p < a.network->parameters().size(); ++p) {
    const auto x = a.network->parameters()[p].value.view();
    const auto y = b.network->parameters()[p].value.view();
    for (size_t r = 0; r < x.rows; ++r) {
      for (size_t c = 0; c < x.cols; ++c) {
        ASSERT_NEAR(x(r, c), y(r, c), sizeof(TypeParam) == 4 ? 1e-4 : 1e-12);
      }
    }
  }
}

// Limits on the gradient depend on no cut either, and do what they say.
TYPED_TEST(StepTest, ClippingDependsOnNoCutAndIsRight) {
  using T = TypeParam;
  const Samples samples = ToySamples(100, 61, 10);
  std::vector<uint32_t> order(100);
  std::iota(order.begin(), order.end(), 0u);
  const auto train = [&](Toy<T>& toy, const Cut& cut, const Clipping& clipping) {
    Threads pool(3);
    Step<T> step(*toy.network, *toy.spec.loss, *toy.spec.optimizer, toy.samples, 100, pool,
                 CutPlan(*toy.network, 3, cut), clipping);
    step.KeepGradients();
    for (int64_t i = 1; i <= 3; ++i) step.Train(order, 0.3, i, 0);
    std::vector<double> gradient;
    for (const auto& g : step.gradients()) {
      for (size_t r = 0; r < g.view().rows; ++r) {
        for (size_t c = 0; c < g.view().cols; ++c) gradient.push_back(g.view()(r, c));
      }
    }
    return gradient;
  };
  const auto norm = [](const std::vector<double>& gradient) {
    double sum = 0;
    for (const double g : gradient) sum += g * g;
    return std::sqrt(sum);
  };
  for (const Clipping& clipping : {Clipping{.norm = 1e-3}, Clipping{.value = 1e-4}}) {
    Toy<T> a(kToyNet, ToyRegistry(), samples);
    Toy<T> b(kToyNet, ToyRegistry(), samples);
    const std::vector<double> gradient = train(a, {100, 48, 64}, clipping);
    train(b, {36, 5, 12}, clipping);
    EXPECT_EQ(a.network->Hash(), b.network->Hash());
    if (clipping.norm > 0) {
      EXPECT_NEAR(norm(gradient), clipping.norm, 1e-2 * clipping.norm);
    } else {
      EXPECT_NEAR(*std::max_element(gradient.begin(), gradient.end()), clipping.value, 1e-9);
    }
  }
  Toy<T> free(kToyNet, ToyRegistry(), samples);
  Toy<T> loose(kToyNet, ToyRegistry(), samples);
  EXPECT_GT(norm(train(free, {100, 48, 64}, {})), 1e-2);
  train(loose, {100, 48, 64}, {.value = 1e3, .norm = 1e3});
  EXPECT_EQ(free.network->Hash(), loose.network->Hash());
}

// A short batch uses the same memory and still gives the mean over its own rows.
TYPED_TEST(StepTest, ShortBatchEqualsItsOwnStep) {
  const Samples samples = ToySamples(100, 61, 10);
  Threads pool(2);
  Toy<TypeParam> in_large(kToyNet, ToyRegistry(), samples);
  Toy<TypeParam> alone(kToyNet, ToyRegistry(), samples);
  std::vector<uint32_t> order = {5, 99, 17};
  Step<TypeParam> large = in_large.MakeStep(100, pool, MakePlan(*in_large.network, 100, 2));
  Step<TypeParam> small = alone.MakeStep(3, pool, MakePlan(*alone.network, 3, 2));
  const BatchMetrics a = large.Train(order, 0.3, 1, 0);
  const BatchMetrics b = small.Train(order, 0.3, 1, 0);
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.right, b.right);
  EXPECT_EQ(in_large.network->Hash(), alone.network->Hash());
}

}  // namespace
}  // namespace nabla
