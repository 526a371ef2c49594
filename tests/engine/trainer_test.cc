#include "framework/engine/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <utility>

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

struct Trained {
  explicit Trained(TrainSettings settings, size_t threads = 2, const char* net = kNet)
      : toy(net, ToyRegistry(), ToySamples(103, 20, 4)),
        data{"toy", toy.samples, toy.samples},
        pool(threads),
        generator(MakeGenerator(RngKind::kNabla, 3)),
        trainer(*toy.network, *toy.spec.loss, *toy.spec.optimizer, *toy.spec.schedule,
                {ToyRegistry().table<Metric<float>>().Find("accuracy")->make().object}, data,
                settings, *generator, pool) {}

  Toy<float> toy;
  DataSplits data;
  Threads pool;
  std::unique_ptr<Generator> generator;
  Trainer<float> trainer;
};

TEST(TrainerTest, EpochLossIsTheMeanOfBatchLosses) {
  for (const bool drop_last : {false, true}) {
    Trained t({.batch_size = 25, .epochs = 2, .drop_last = drop_last});
    std::vector<double> losses;
    std::vector<double> fractions;
    Follower<float> follower;
    follower.on_batch = [&](int64_t epoch, size_t batch, size_t batches, const BatchMetrics& f) {
      EXPECT_EQ(batches, drop_last ? 4u : 5u);
      if (epoch != 2) return;
      losses.push_back(f.loss);
      // The short batch counts like the others.
      fractions.push_back(static_cast<double>(f.right) / (batch == 5 ? 3 : 25));
    };
    EXPECT_TRUE(t.trainer.Run(follower));
    double loss = 0;
    double fraction = 0;
    for (size_t i = 0; i < losses.size(); ++i) {
      loss += losses[i] / static_cast<double>(losses.size());
      fraction += fractions[i] / static_cast<double>(losses.size());
    }
    const EpochMetrics& last = t.trainer.history().back();
    EXPECT_NEAR(last.train_loss, loss, 1e-14);
    EXPECT_NEAR(*last.train_accuracy, fraction, 1e-14);
    EXPECT_TRUE(last.test_accuracy.has_value());
  }
}

// The order in which an epoch of 13 rows, in batches of 5, was trained.
std::vector<uint32_t> OrderOf(OrderKind kind, RngKind rng, size_t epochs) {
  Toy<float> toy(kNet, ToyRegistry(), ToySamples(13, 20, 4));
  const DataSplits data{"toy", toy.samples, toy.samples};
  Threads pool(1);
  const auto generator = MakeGenerator(rng, 4);
  Trainer<float> trainer(*toy.network, *toy.spec.loss, *toy.spec.optimizer, *toy.spec.schedule, {},
                         data, {.batch_size = 5, .epochs = epochs, .order = kind}, *generator,
                         pool);
  EXPECT_TRUE(trainer.Run({}));
  return trainer.state().order;
}

// tests/base/numpy_order_vectors.py prints NumPy's.
TEST(TrainerTest, OrdersAreDrawnAsNumpyDrawsThem) {
  EXPECT_EQ(OrderOf(OrderKind::kChoice, RngKind::kNumpy, 1),
            (std::vector<uint32_t>{3, 4, 6, 12, 9, 5, 1, 0, 3, 6, 3, 4, 8}));
  EXPECT_EQ(OrderOf(OrderKind::kReplacement, RngKind::kNumpy, 1),
            (std::vector<uint32_t>{10, 7, 5, 1, 8, 7, 8, 2, 9, 10, 12, 7, 7}));
  EXPECT_EQ(OrderOf(OrderKind::kShuffle, RngKind::kNumpy, 2),
            (std::vector<uint32_t>{2, 4, 3, 12, 0, 7, 5, 6, 9, 8, 1, 10, 11}));
  EXPECT_EQ(OrderOf(OrderKind::kReplacement, RngKind::kNumpyDefault, 1),
            (std::vector<uint32_t>{9, 12, 11, 6, 12, 12, 12, 1, 5, 7, 3, 4, 8}));
}

TEST(TrainerTest, AnOrderWithRepetitionsResumesExactly) {
  for (const OrderKind kind : {OrderKind::kShuffle, OrderKind::kChoice, OrderKind::kReplacement}) {
    const TrainSettings settings{.batch_size = 25, .epochs = 3, .order = kind};
    Trained whole(settings);
    TrainingState middle;
    Follower<float> follower;
    follower.on_batch = [&](int64_t epoch, size_t batch, size_t, const BatchMetrics&) {
      if (epoch == 2 && batch == 2) middle = whole.trainer.state();
    };
    EXPECT_TRUE(whole.trainer.Run(follower));
    Trained rest(settings);
    rest.trainer.Restore(middle);
    EXPECT_TRUE(rest.trainer.Run({}));
    EXPECT_EQ(rest.trainer.state().order, whole.trainer.state().order);
    middle.order[0] = 103;
    EXPECT_THROW(rest.trainer.Restore(middle), InputError);
  }
}

TEST(TrainerTest, APositionThatNoTrainingLeavesIsRefused) {
  const TrainSettings settings{.batch_size = 25, .epochs = 3};
  Trained whole(settings);
  TrainingState middle;
  Follower<float> follower;
  follower.on_batch = [&](int64_t epoch, size_t batch, size_t, const BatchMetrics&) {
    if (epoch == 3 && batch == 2) middle = whole.trainer.state();
  };
  EXPECT_TRUE(whole.trainer.Run(follower));
  Trained rest(settings);
  rest.trainer.Restore(middle);
  rest.trainer.Restore(whole.trainer.state());
  const auto expect_refusal = [&](const std::function<void(TrainingState*)>& forge) {
    TrainingState forged = middle;
    forge(&forged);
    EXPECT_THROW(rest.trainer.Restore(forged), InputError) << forged.steps;
  };
  for (const int64_t steps : {int64_t{1} << 62, int64_t{-1000}, int64_t{0}, int64_t{13}}) {
    expect_refusal([&](TrainingState* s) { s->steps = steps; });
  }
  expect_refusal([](TrainingState* s) { s->batches = 3; });
  expect_refusal([](TrainingState* s) { s->batches = 6, s->steps = 16; });
  expect_refusal([](TrainingState* s) { s->history.pop_back(); });
  expect_refusal([](TrainingState* s) { s->history[1].epoch = 3; });
  expect_refusal([](TrainingState* s) { std::swap(s->history[0], s->history[1]); });
  for (const int64_t more : {1, 2}) {
    expect_refusal([&](TrainingState* s) {
      for (int64_t i = 0; i < more; ++i) s->history.push_back({.epoch = 3 + i});
      s->steps += 5 * more;
    });
  }
}

// They did not write by what their sum of losses is to be divided.
TEST(TrainerTest, StatesOfOlderVersionsGoOn) {
  // States have no weights, so these must not change.
  constexpr const char* kStill = R"(
model: [{name: linear, units: 4}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0}
)";
  for (const TrainLoss kind : {TrainLoss::kBatches, TrainLoss::kRows}) {
    const TrainSettings settings{.batch_size = 25, .epochs = 2, .train_loss = kind};
    Trained whole(settings, 1, kStill);
    TrainingState middle;
    Follower<float> follower;
    follower.on_batch = [&](int64_t epoch, size_t batch, size_t, const BatchMetrics&) {
      if (epoch == 2 && batch == 2) middle = whole.trainer.state();
    };
    EXPECT_TRUE(whole.trainer.Run(follower));
    middle.loss_weight.reset();
    Trained rest(settings, 1, kStill);
    rest.trainer.Restore(middle);
    EXPECT_TRUE(rest.trainer.Run({}));
    EXPECT_EQ(rest.trainer.history()[1].train_loss, whole.trainer.history()[1].train_loss);
  }
}

TEST(TrainerTest, AnEpochMayTakeOnlyTheFirstRowsOfItsOrder) {
  std::vector<std::string> hashes;
  for (const size_t rows : {0, 25, 103, 1000}) {
    Trained t({.batch_size = 10, .epochs = 2, .rows_per_epoch = rows});
    const size_t batches_wanted = rows == 25 ? 3 : 11;
    Follower<float> follower;
    follower.on_batch = [&](int64_t, size_t, size_t batches, const BatchMetrics&) {
      EXPECT_EQ(batches, batches_wanted);
    };
    EXPECT_TRUE(t.trainer.Run(follower));
    hashes.push_back(t.toy.network->Hash());
  }
  EXPECT_NE(hashes[0], hashes[1]);
  EXPECT_EQ(hashes[0], hashes[2]);
  EXPECT_EQ(hashes[0], hashes[3]);
}

TEST(TrainerTest, EvaluationGivesTheSameForAnyThreads) {
  std::vector<double> losses;
  for (const size_t threads : {1, 2, 8}) {
    Trained t({.batch_size = 10, .epochs = 3, .evaluate_train = true}, threads);
    t.trainer.Run({});
    losses.push_back(*t.trainer.history().back().test_loss);
    // Both splits are the same rows here.
    EXPECT_EQ(t.trainer.history().back().train_accuracy, t.trainer.history().back().test_accuracy);
  }
  EXPECT_EQ(losses[0], losses[1]);
  EXPECT_EQ(losses[0], losses[2]);
}

TEST(TrainerTest, EvaluatesEveryFewEpochsAndAtTheEnd) {
  Trained t({.batch_size = 50, .epochs = 5, .evaluate_every = 3});
  t.trainer.Run({});
  std::vector<bool> evaluated;
  for (const EpochMetrics& e : t.trainer.history()) evaluated.push_back(e.test_loss.has_value());
  EXPECT_EQ(evaluated, (std::vector<bool>{false, false, true, false, true}));
}

TEST(TrainerTest, StopsAfterTheStep) {
  Trained t({.batch_size = 10, .epochs = 3});
  int steps = 0;
  Follower<float> follower;
  follower.on_batch = [&](int64_t, size_t, size_t, const BatchMetrics&) { ++steps; };
  follower.stop = [&] { return steps == 14; };
  EXPECT_FALSE(t.trainer.Run(follower));
  EXPECT_EQ(steps, 14);
  EXPECT_EQ(t.trainer.history().size(), 1u);
}

TEST(TrainerTest, DivergenceNamesEpochAndStep) {
  Trained t({.batch_size = 10, .epochs = 50}, 1, R"(
model:
  - {name: linear, units: 4}
loss: half_mse
optimizer: {name: sgd, lr: 1e6}
)");
  try {
    t.trainer.Run({});
    FAIL() << "should have diverged";
  } catch (const Diverged& e) {
    const std::string text = e.what();
    EXPECT_NE(text.find("in epoch 1, batch "), std::string::npos) << text;
    EXPECT_NE(text.find("the first output that is not finite is that of model.0"),
              std::string::npos)
        << text;
  }
}

TEST(TrainerTest, TheLastEpochIsEvaluatedAlsoWhereItEndsEarly) {
  Trained t({.batch_size = 25, .epochs = 20, .evaluate_every = 10});
  Follower<float> follower;
  follower.enough = [&] { return t.trainer.history().size() == 7; };
  std::vector<bool> evaluated;
  follower.on_epoch = [&](const EpochMetrics& f) { evaluated.push_back(f.test_loss.has_value()); };
  EXPECT_TRUE(t.trainer.Run(follower));
  EXPECT_EQ(evaluated, (std::vector<bool>{false, false, false, false, false, false, true}));
}

// A stop while evaluating leaves the evaluation to be done by whoever goes on.
TEST(TrainerTest, StopsWhileItEvaluates) {
  Trained whole({.batch_size = 25, .epochs = 2});
  EXPECT_TRUE(whole.trainer.Run({}));
  Trained t({.batch_size = 25, .epochs = 2}, 1);
  Follower<float> follower;
  int asked = 0;
  follower.stop = [&] { return ++asked == 6; };  // after 5 steps, before the rows are evaluated
  EXPECT_FALSE(t.trainer.Run(follower));
  EXPECT_EQ(t.trainer.history().size(), 0u);
  EXPECT_EQ(t.trainer.steps(), 5);
  EXPECT_TRUE(t.trainer.Run(follower));
  ASSERT_EQ(t.trainer.history().size(), 2u);
  EXPECT_EQ(t.toy.network->Hash(), whole.toy.network->Hash());
  for (size_t e = 0; e < 2; ++e) {
    EXPECT_EQ(t.trainer.history()[e].test_loss, whole.trainer.history()[e].test_loss);
    EXPECT_EQ(t.trainer.history()[e].train_loss, whole.trainer.history()[e].train_loss);
  }
}

TEST(TrainerTest, AnOptimizerWithTooManyStatesIsRefused) {
  class Hoarder : public Optimizer<float> {
   public:
    double LearningRate() const override { return 0.1; }
    size_t States() const override { return kMostStates + 1; }
    void Update(const UpdateSpan<float>&) const override {}
  };
  Toy<float> toy(kNet, ToyRegistry(), ToySamples(10, 20, 4));
  toy.spec.optimizer.object = std::make_shared<Hoarder>();
  Threads alone(1);
  try {
    toy.MakeStep(10, alone, MakePlan(*toy.network, 10, 1));
    FAIL() << "no error";
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "error: optimizer has 9 state arrays; a step supports at most 8");
  }
}

}  // namespace
}  // namespace nabla
