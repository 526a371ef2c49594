// Norms and learning rates that a trainer leaves behind.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/engine/toy.h"

namespace nabla {
namespace {

constexpr const char* kNet = R"(
model:
  - {name: linear, units: 12}
  - relu
  - {name: linear, units: 4}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.5}
schedule: {name: exponential, gamma: 0.5}
)";

using Numbers = std::map<std::string, std::vector<double>>;

Numbers ValuesOf(const Network<double>& network) {
  Numbers values;
  for (const Parameter<double>& p : network.parameters()) {
    const Matrix<const double> v = p.value.view();
    for (size_t r = 0; r < v.rows; ++r) {
      for (size_t c = 0; c < v.cols; ++c) values[p.name].push_back(v(r, c));
    }
  }
  return values;
}

double Norm(const std::vector<double>& numbers) {
  long double sum = 0;
  for (const double x : numbers) sum += static_cast<long double>(x) * x;
  return static_cast<double>(std::sqrt(sum));
}

struct Trained {
  explicit Trained(bool norms, const Clipping& clipping = {})
      : toy(kNet, ToyRegistry(), ToySamples(50, 20, 4)),
        data{"toy", toy.samples, toy.samples},
        pool(2),
        generator(MakeGenerator(RngKind::kNabla, 3)),
        trainer(*toy.network, *toy.spec.loss, *toy.spec.optimizer, *toy.spec.schedule, {}, data,
                {.batch_size = 50, .epochs = 3, .clipping = clipping, .norms = norms}, *generator,
                pool) {}

  Toy<double> toy;
  DataSplits data;
  Threads pool;
  std::unique_ptr<Generator> generator;
  Trainer<double> trainer;
};

// An epoch of one batch: what plain descent changed, divided by the rate, is the gradient.
TEST(NormsTest, AreThoseOfTheWeightsAndOfWhatChangedThem) {
  for (const Clipping& clipping : {Clipping{}, Clipping{.norm = 0.01}}) {
    Trained t(true, clipping);
    Numbers before = ValuesOf(*t.toy.network);
    Follower<double> follower;
    follower.on_epoch = [&](const EpochMetrics& epoch) {
      const Numbers after = ValuesOf(*t.toy.network);
      ASSERT_EQ(epoch.weight_norms.size(), 4u);
      ASSERT_EQ(epoch.gradient_norms.size(), 4u);
      for (size_t p = 0; p < 4; ++p) {
        const std::string& name = epoch.weight_norms[p].first;
        EXPECT_EQ(epoch.gradient_norms[p].first, name);
        EXPECT_NEAR(epoch.weight_norms[p].second, Norm(after.at(name)), 1e-12);
        std::vector<double> gradient;
        for (size_t i = 0; i < after.at(name).size(); ++i) {
          gradient.push_back((before.at(name)[i] - after.at(name)[i]) / *epoch.learning_rate);
        }
        EXPECT_NEAR(epoch.gradient_norms[p].second, Norm(gradient), 1e-12);
      }
      before = after;
    };
    t.trainer.Run(follower);
  }
}

TEST(NormsTest, AreLeftOutUnlessAskedFor) {
  Trained t(false);
  t.trainer.Run({});
  EXPECT_TRUE(t.trainer.history().back().weight_norms.empty());
  EXPECT_TRUE(t.trainer.history().back().gradient_norms.empty());
  Trained asked(true);
  asked.trainer.Run({});
  EXPECT_EQ(t.toy.network->Hash(), asked.toy.network->Hash());
}

TEST(NormsTest, TheLearningRateIsTheLastStepsOne) {
  Trained t(false);
  t.trainer.Run({});
  ASSERT_EQ(t.trainer.history().size(), 3u);
  for (const EpochMetrics& epoch : t.trainer.history()) {
    EXPECT_DOUBLE_EQ(*epoch.learning_rate, 0.5 * std::pow(0.5, epoch.epoch - 1));
  }
}

// A pause behind an epoch's last step keeps the norms of that step's gradient.
TEST(NormsTest, AreKnownBehindAPauseAtTheEndOfAnEpoch) {
  Trained whole(true);
  whole.trainer.Run({});
  Trained first(true);
  Follower<double> follower;
  follower.stop = [] { return true; };
  EXPECT_FALSE(first.trainer.Run(follower));
  Trained second(true);
  second.trainer.Restore(first.trainer.state());
  EXPECT_EQ(second.trainer.state().gradient_norms, first.trainer.state().gradient_norms);
  second.trainer.Run({});
  ASSERT_EQ(second.trainer.history().size(), 3u);
  // The weights are those of the first epoch in the first network only.
  EXPECT_EQ(second.trainer.history()[0].gradient_norms, whole.trainer.history()[0].gradient_norms);
  EXPECT_EQ(second.trainer.history()[1].gradient_norms.size(), 4u);
}

// A checkpoint of a version that did not keep them.
TEST(NormsTest, AGradientThatIsNotKnownIsLeftOut) {
  Trained first(true);
  Follower<double> follower;
  follower.stop = [] { return true; };
  EXPECT_FALSE(first.trainer.Run(follower));
  Trained second(true);
  TrainingState state = first.trainer.state();
  state.gradient_norms.clear();
  second.trainer.Restore(state);
  second.trainer.Run({});
  const EpochMetrics& epoch = second.trainer.history().front();
  EXPECT_TRUE(epoch.gradient_norms.empty());
  EXPECT_EQ(epoch.weight_norms.size(), 4u);
  EXPECT_EQ(*epoch.learning_rate, 0.5);
}

}  // namespace
}  // namespace nabla
