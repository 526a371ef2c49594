// Augmented training: the same pictures whatever the threads and the plan, new ones every epoch.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "framework/engine/augmentation.h"
#include "framework/kernels/sparse.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

constexpr const char* kNet = R"(
model:
  - {name: linear, units: 12}
  - relu
  - {name: linear, units: 4}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
)";

constexpr Augmentation kAll{.shift = 1, .rotate = 15, .noise = 0.1};

Samples Pictures(bool sparse = false) {
  Samples samples = ToySamples(103, 36, 4);
  samples.shape = {{1, 6, 6}};
  if (sparse) {
    samples.sparse = std::make_shared<SparseBytes>(MakeSparse(samples.pixels, samples.count, 36));
  }
  return samples;
}

struct Plans {
  size_t threads = 1;
  size_t block_rows = 0;  // 0: the plan's own
  size_t chunk_rows = 0;
};

// Trains one batch of all rows.
template <typename T>
std::string Trained(const Augmentation& augmentation, uint64_t picture_key, const Plans& plans = {},
                    bool sparse = false) {
  Toy<T> toy(kNet, ToyRegistry(), Pictures(sparse));
  Threads pool(plans.threads);
  Plan plan = MakePlan(*toy.network, toy.samples.count, plans.threads);
  plan.mode = plans.threads > 1 ? ThreadMode::kShared : ThreadMode::kAlone;
  if (plans.block_rows > 0) plan.alone.block_rows = plan.shared.block_rows = plans.block_rows;
  if (plans.chunk_rows > 0) plan.chunk_rows = plans.chunk_rows;
  Step<T> step = toy.MakeStep(toy.samples.count, pool, plan, augmentation);
  std::vector<uint32_t> order(toy.samples.count);
  std::iota(order.begin(), order.end(), 0u);
  for (int64_t i = 1; i <= 3; ++i) step.Train(order, 0.1, i, 0, picture_key);
  return toy.network->Hash();
}

template <typename T>
void ExpectSameBits() {
  const std::string wanted = Trained<T>(kAll, 5);
  for (const size_t threads : {1, 2, 3}) {
    EXPECT_EQ(Trained<T>(kAll, 5, {.threads = threads}), wanted);
    EXPECT_EQ(Trained<T>(kAll, 5, {.threads = threads, .block_rows = 6}), wanted);
    EXPECT_EQ(Trained<T>(kAll, 5, {.threads = threads, .chunk_rows = 48}), wanted);
  }
}

TEST(AugmentedStepTest, NeitherThreadsNorBlocksNorChunksChangeABit) {
  ExpectSameBits<float>();
  ExpectSameBits<double>();
}

TEST(AugmentedStepTest, NothingAskedForNothingChanged) {
  EXPECT_EQ(Trained<float>({}, 5), Trained<float>({}, 6));
  EXPECT_NE(Trained<float>({}, 5), Trained<float>(kAll, 5));
}

TEST(AugmentedStepTest, SparseRowsAreAugmentedToo) {
  EXPECT_EQ(Trained<float>(kAll, 5, {}, true), Trained<float>(kAll, 5));
}

TEST(AugmentedStepTest, EverySettingAndTheKeyMatter) {
  std::set<std::string> hashes;
  for (const Augmentation& some :
       {Augmentation{.shift = 1}, Augmentation{.rotate = 15}, Augmentation{.noise = 0.1}, kAll}) {
    for (const uint64_t key : {1, 2}) hashes.insert(Trained<float>(some, key));
  }
  EXPECT_EQ(hashes.size(), 8u);
}

// With a rate of 0 an epoch changes nothing but its pictures, and with the same order of the rows
// the losses tell those apart.
TEST(AugmentedTrainerTest, EveryEpochShowsNewPictures) {
  for (const bool augmented : {false, true}) {
    Toy<double> toy(kNet, ToyRegistry(), Pictures());
    const DataSplits data{"toy", toy.samples, toy.samples};
    const auto still = ToyRegistry().Maker<double>();
    Problems problems;
    Node config = Node::Map();
    config.Set("name", Node::Scalar("sgd"));
    config.Set("lr", Node::Scalar("0"));
    const MadePlugin made = still->Make(Optimizer<double>::kKind, config, problems);
    const auto sgd = std::static_pointer_cast<const Optimizer<double>>(made.object);
    Threads pool(2);
    const auto generator = MakeGenerator(RngKind::kNabla, 3);
    TrainSettings settings{.batch_size = 20, .epochs = 3, .shuffle = false, .evaluate_test = false};
    if (augmented) settings.augmentation = kAll;
    Trainer<double> trainer(*toy.network, *toy.spec.loss, *sgd, *toy.spec.schedule, {}, data,
                            settings, *generator, pool);
    trainer.Run({});
    std::set<double> losses;
    for (const EpochMetrics& epoch : trainer.history()) losses.insert(epoch.train_loss);
    EXPECT_EQ(losses.size(), augmented ? 3u : 1u);
  }
}

}  // namespace
}  // namespace nabla
