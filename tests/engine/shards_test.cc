// A batch in shards: bits depend on how many shards there are, on nothing else.
#include <gtest/gtest.h>

#include <algorithm>

#include "framework/engine/step.h"
#include "tests/engine/thread_ranks.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

constexpr size_t kBatch = 100;
#ifdef NABLA_SANITIZED
constexpr size_t kMostRanks = 4;
#else
constexpr size_t kMostRanks = 8;
#endif

struct Setting {
  const char* net = kToyNet;
  size_t shards = 8;
  Clipping clipping;
  size_t chunk = 0;  // 0 = as planned
};

// The hash of the weights and the metrics of the last step, as text.
template <typename T>
std::string TrainOnRank(const Setting& setting, const Samples& samples, size_t threads,
                        Ranks* ranks) {
  const FlushDenormals flush;
  Toy<T> toy(setting.net, ToyRegistry(), samples);
  Threads pool(threads);
  const Sharding sharding{setting.shards, ranks};
  Plan plan = MakePlan(*toy.network, sharding.RankRows(kBatch), threads);
  plan.mode = ThreadMode::kShared;
  if (setting.chunk > 0) plan.chunk_rows = setting.chunk;
  Step<T> step(*toy.network, *toy.spec.loss, *toy.spec.optimizer, toy.samples, kBatch, pool, plan,
               setting.clipping, {}, sharding);
  std::vector<uint32_t> order(samples.count);
  std::iota(order.begin(), order.end(), 0u);
  BatchMetrics last;
  size_t begin = 0;
  for (int64_t i = 1; i <= 8; ++i) {
    const size_t rows = std::min(kBatch, samples.count - begin);
    last = step.Train(std::span<const uint32_t>(order).subspan(begin, rows), 0.1, i,
                      static_cast<uint64_t>(i));
    begin = begin + rows == samples.count ? 0 : begin + rows;
  }
  return toy.network->Hash() + " " + std::to_string(last.loss) + " " + std::to_string(last.right) +
         " of " + std::to_string(last.rows);
}

template <typename T>
void ExpectSameBitsOnAllRanks(const Setting& setting, const Samples& samples) {
  Setting one_by_one = setting;
  one_by_one.chunk = (kBatch + setting.shards - 1) / setting.shards;
  const std::string alone = TrainOnRank<T>(one_by_one, samples, 1, nullptr);
  EXPECT_EQ(TrainOnRank<T>(setting, samples, 1, nullptr), alone);
  for (size_t count = 1; count <= std::min(setting.shards, kMostRanks); count *= 2) {
    for (const size_t threads : {1, 3}) {
      OnRanks(count, [&](Ranks& ranks) {
        EXPECT_EQ(TrainOnRank<T>(setting, samples, threads, &ranks), alone)
            << ranks.Name() << ", " << threads << " threads";
      });
    }
  }
}

template <typename T>
class ShardsTest : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(ShardsTest, Numbers);

TYPED_TEST(ShardsTest, RanksAndThreadsDoNotChangeABit) {
  const Samples samples = ToySamples(300, 61, 10);
  ExpectSameBitsOnAllRanks<TypeParam>({}, samples);
  ExpectSameBitsOnAllRanks<TypeParam>({.shards = 2}, samples);
  // Parts of a shard, and three whole ones.
  ExpectSameBitsOnAllRanks<TypeParam>({.chunk = 5}, samples);
  ExpectSameBitsOnAllRanks<TypeParam>({.chunk = 40}, samples);
}

// Convolutions, batch norm with its running statistics, dropout, skips.
TYPED_TEST(ShardsTest, RanksAndThreadsDoNotChangeABitOfADeepNet) {
  ExpectSameBitsOnAllRanks<TypeParam>({.net = kDeepToyNet, .shards = 4}, ToyImages());
}

TYPED_TEST(ShardsTest, ClippingGoesByTheWholeGradient) {
  const Samples samples = ToySamples(300, 61, 10);
  ExpectSameBitsOnAllRanks<TypeParam>({.clipping = {.norm = 1e-3}}, samples);
  ExpectSameBitsOnAllRanks<TypeParam>({.clipping = {.value = 1e-4}}, samples);
}

TYPED_TEST(ShardsTest, SparseAndFoldedRowsToo) {
  Samples samples = ToySamples(300, 61, 10);
  samples.sparse = std::make_shared<SparseBytes>(MakeSparse(samples.pixels, 300, 61));
  ExpectSameBitsOnAllRanks<TypeParam>({}, samples);
  samples.normalization = {.scale = 255, .mean = 0.5, .std = 0.25};
  ExpectSameBitsOnAllRanks<TypeParam>({.chunk = 7}, samples);
}

// The last batch has 3 rows, for 8 shards.
TYPED_TEST(ShardsTest, ShardsWithoutARowAreNothing) {
  ExpectSameBitsOnAllRanks<TypeParam>({}, ToySamples(103, 61, 10));
  Samples images = ToyImages();
  images.count = 103;
  ExpectSameBitsOnAllRanks<TypeParam>({.net = kDeepToyNet}, images);
}

TYPED_TEST(ShardsTest, OneShardIsTheStepWithoutShards) {
  const Samples samples = ToySamples(300, 61, 10);
  Toy<TypeParam> toy(kToyNet, ToyRegistry(), samples);
  Threads pool(1);
  Step<TypeParam> step(*toy.network, *toy.spec.loss, *toy.spec.optimizer, toy.samples, kBatch, pool,
                       MakePlan(*toy.network, kBatch, 1));
  std::vector<uint32_t> order(kBatch);
  for (int64_t i = 1; i <= 8; ++i) {
    std::iota(order.begin(), order.end(), static_cast<uint32_t>((i - 1) % 3 * kBatch));
    step.Train(order, 0.1, i, static_cast<uint64_t>(i));
  }
  const std::string sharded = TrainOnRank<TypeParam>({.shards = 1}, samples, 1, nullptr);
  EXPECT_EQ(sharded.substr(0, sharded.find(' ')), toy.network->Hash());
}

// Numbers of all gradients of one step on rows [begin, end), in the order of the network.
template <typename T>
std::vector<T> Gradient(const Samples& samples, size_t begin, size_t end, size_t shards) {
  Toy<T> toy(kToyNet, ToyRegistry(), samples);
  Threads pool(1);
  const Sharding sharding{shards};
  Step<T> step(*toy.network, *toy.spec.loss, *toy.spec.optimizer, toy.samples, end - begin, pool,
               MakePlan(*toy.network, sharding.Rows(end - begin), 1), {}, {}, sharding);
  step.KeepGradients();
  std::vector<uint32_t> order(end - begin);
  std::iota(order.begin(), order.end(), static_cast<uint32_t>(begin));
  step.Train(order, 0.1, 1, 0);
  std::vector<T> numbers;
  for (const auto& gradient : step.gradients()) {
    const Matrix<T> g = gradient.view();
    for (size_t r = 0; r < g.rows; ++r) numbers.insert(numbers.end(), g.Row(r), g.Row(r) + g.cols);
  }
  return numbers;
}

// Each shard on its own has a mean loss over its 16 rows, a power of two of the batch's 64, so that
// a factor takes one gradient to the other without rounding.
TYPED_TEST(ShardsTest, TheGradientIsTheTreeOfTheShards) {
  using T = TypeParam;
  const Samples samples = ToySamples(64, 61, 10);
  std::vector<std::vector<T>> shards;
  for (size_t s = 0; s < 4; ++s) shards.push_back(Gradient<T>(samples, 16 * s, 16 * s + 16, 1));
  const std::vector<T> got = Gradient<T>(samples, 0, 64, 4);
  const std::vector<T> whole = Gradient<T>(samples, 0, 64, 1);
  ASSERT_EQ(got.size(), shards[0].size());
  size_t rounded = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    const T quarter = static_cast<T>(0.25);
    // The last layer's bias divides by the batch once more (bias_step_over_batch).
    const T factor = i + 10 >= got.size() ? quarter * quarter : quarter;
    const T tree = (shards[0][i] * factor + shards[1][i] * factor) +
                   (shards[2][i] * factor + shards[3][i] * factor);
    ASSERT_EQ(got[i], tree) << i;
    ASSERT_NEAR(got[i], whole[i], sizeof(T) == 4 ? 1e-6 : 1e-15);
    rounded += got[i] != whole[i] ? 1 : 0;
  }
  EXPECT_GT(rounded, 0u) << "nothing tells shards from none";
}

// With rows in their own order a rank never looks at those of others.
TYPED_TEST(ShardsTest, ARankReadsItsOwnRowsOnly) {
  const Samples samples = ToySamples(200, 61, 10);
  const std::string alone = TrainOnRank<TypeParam>({.shards = 4}, samples, 1, nullptr);
  OnRanks(2, [&](Ranks& ranks) {
    std::vector<uint8_t> pixels(samples.pixels.begin(), samples.pixels.end());
    std::vector<int32_t> labels(samples.labels.begin(), samples.labels.end());
    for (size_t row = 0; row < 200; ++row) {
      if (row % kBatch / (kBatch / 2) == ranks.index()) continue;
      std::fill_n(pixels.begin() + static_cast<std::ptrdiff_t>(row * 61), 61, uint8_t{77});
      labels[row] = -1;
    }
    Samples own = samples;
    own.pixels = pixels;
    own.labels = labels;
    EXPECT_EQ(TrainOnRank<TypeParam>({.shards = 4}, own, 2, &ranks), alone);
  });
}

TYPED_TEST(ShardsTest, OneRankStopsAll) {
  const Samples samples = ToySamples(100, 61, 10);
  OnRanks(2, [&](Ranks& ranks) {
    Toy<TypeParam> toy(kToyNet, ToyRegistry(), samples);
    Threads pool(1);
    Step<TypeParam> step(*toy.network, *toy.spec.loss, *toy.spec.optimizer, toy.samples, kBatch,
                         pool, MakePlan(*toy.network, 50, 1), {}, {}, {2, &ranks});
    std::vector<uint32_t> order(kBatch);
    std::iota(order.begin(), order.end(), 0u);
    for (int64_t i = 1; i <= 4; ++i) {
      step.AskToStop(i == 3 && ranks.index() == 1);
      step.Train(order, 0.1, i, 0);
      EXPECT_EQ(step.stop_asked(), i == 3) << ranks.Name();
    }
  });
}

}  // namespace
}  // namespace nabla
