// One training by several ranks: the run of one process, whoever takes part and from where it goes
// on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <span>

#include "framework/config/override.h"
#include "framework/kernels/simd.h"
#include "framework/training/rank_facts.h"
#include "framework/training/training_run.h"
#include "tests/engine/thread_ranks.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

constexpr const char* kExperiment = R"(name: shared
dataset: synthetic_digits
model:
  - {name: linear, units: 24}
  - batch_norm
  - relu
  - {name: dropout, p: 0.2}
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: adam, lr: 0.01}
schedule: {name: cosine}
train: {batch_size: 50, epochs: 4, rows_per_epoch: 290, gradient_shards: 4, norms: true}
evaluate: {split: both}
checkpoint: {every_steps: 1}
)";

// `weights` are none, or one for each row; they must outlive it.
PreparedData Digits(std::span<const double> weights) {
  PreparedData data;
  data.name = "toy";
  data.train = ToySamples(300, 61, 10);
  data.train.weights = weights;
  data.test = FirstRows(data.train, 107);
  return data;
}

// Everything that an epoch says but the times; norms behind a bar.
std::string Text(const EpochMetrics& e) {
  std::string text = std::to_string(e.train_loss) + " " + std::to_string(*e.train_accuracy) + " " +
                     std::to_string(*e.test_loss) + " " + std::to_string(*e.test_accuracy) + " |";
  for (const auto& norms : {e.weight_norms, e.gradient_norms}) {
    for (const auto& [name, norm] : norms) text += " " + name + std::to_string(norm);
  }
  return text;
}

// Trains on this rank and returns the weights and all metrics; with `stop_at` it stops there.
std::string TrainOn(Ranks* ranks, const std::string& folder, int64_t stop_at = 0,
                    const std::vector<std::string>& changes = {},
                    std::span<const double> weights = {}) {
  Node tree = ParseYaml(kExperiment, "shared.yaml");
  for (const std::string& change : changes) ApplyOverride(tree, change);
  const auto spec = ParseExperiment<float>(tree, ToyRegistry());
  const PreparedData data = Digits(weights);
  Threads threads(ranks != nullptr && ranks->index() == 1 ? 2 : 1);
  const bool first = ranks == nullptr || ranks->index() == 0;
  TrainingRun<float> job(
      spec, ToyRegistry(), data, threads,
      {.folder = first ? folder : "", .existing = Existing::kResume, .ranks = ranks});
  job.CheckRanks();
  job.Begin();
  struct Stopped {};
  Follower<float> follower;
  follower.on_step = [&](const Step<float>&) {
    if (stop_at > 0 && job.experiment().trainer().steps() == stop_at) throw Stopped();
  };
  try {
    const Status status = job.Train(follower);
    if (job.IsOutOfTime()) return "out of time";
    EXPECT_EQ(status, Status::kComplete);
  } catch (const Stopped&) {
    return "stopped";
  }
  std::string text = job.summary().weights_hash;
  for (const EpochMetrics& e : job.experiment().trainer().history()) text += "\n" + Text(e);
  return text;
}

// A training that goes on behind the last batch of an epoch does not know its gradient.
std::string WithoutNorms(const std::string& text) {
  std::string kept;
  bool behind_bar = false;
  for (const char c : text) {
    behind_bar = c == '|' || (behind_bar && c != '\n');
    if (!behind_bar) kept += c;
  }
  return kept;
}

class RanksTest : public testing::Test {
 protected:
  std::string Folder(const std::string& name) {
    return testing::TempDir() + "/ranks_test_" + name + "_" + std::to_string(getpid());
  }
};

TEST_F(RanksTest, AnyNumberOfRanksTrainsTheSameRun) {
  const std::string alone = TrainOn(nullptr, Folder("alone"));
  for (const size_t count : {1, 2, 4}) {
    OnRanks(count, [&](Ranks& ranks) {
      EXPECT_EQ(TrainOn(&ranks, Folder(std::to_string(count))), alone) << ranks.Name();
    });
  }
}

// 6 steps an epoch: step 8 is in the middle of the second one.
TEST_F(RanksTest, AnotherNumberOfRanksGoesOnExactlyThere) {
  const std::string alone = TrainOn(nullptr, Folder("never"));
  const std::string folder = Folder("stopped");
  OnRanks(4, [&](Ranks& ranks) { EXPECT_EQ(TrainOn(&ranks, folder, 8), "stopped"); });
  OnRanks(2, [&](Ranks& ranks) { EXPECT_EQ(TrainOn(&ranks, folder, 17), "stopped"); });
  EXPECT_EQ(WithoutNorms(TrainOn(nullptr, folder)), WithoutNorms(alone));
}

TEST_F(RanksTest, AnotherNumberOfRanksTrainsMoreEpochs) {
  const std::vector<std::string> four = {"schedule=constant"};
  const std::vector<std::string> two = {"schedule=constant", "train.epochs=2"};
  const std::string alone = TrainOn(nullptr, Folder("four"), 0, four);
  const std::string folder = Folder("grown");
  OnRanks(2, [&](Ranks& ranks) { TrainOn(&ranks, folder, 0, two); });
  OnRanks(4, [&](Ranks& ranks) { EXPECT_EQ(TrainOn(&ranks, folder, 0, four), alone); });
}

// Weights of classes are those of the whole batch, whichever ranks have its rows.
TEST_F(RanksTest, WeightedFrozenAndReducedRunsAreShared) {
  const std::string start = Folder("start");
  TrainOn(nullptr, start, 0, {"train.epochs=1", "seed=3"});
  const std::vector<std::string> changes = {
      "class_weights=balanced", "init_from=" + start,
      "layer_updates=[{layers: [0], lr_scale: 0}, {layers: [4], lr_scale: 0.5, weight_decay: 0.1}]",
      "reduce_on_plateau={patience: 0, threshold: 9, threshold_mode: abs}"};
  const std::string alone = TrainOn(nullptr, Folder("special"), 0, changes);
  for (const size_t count : {2, 4}) {
    const std::string folder = Folder("special" + std::to_string(count));
    OnRanks(count, [&](Ranks& ranks) {
      EXPECT_EQ(TrainOn(&ranks, folder, 0, changes), alone) << ranks.Name();
    });
  }
}

TEST_F(RanksTest, WeightsOfRowsAreThoseOfTheWholeBatch) {
  std::vector<double> weights;
  for (int r = 0; r < 300; ++r) weights.push_back(0.25 * (r * 7 % 9));
  const std::string plain = TrainOn(nullptr, Folder("plain"));
  const std::string alone = TrainOn(nullptr, Folder("weighted"), 0, {}, weights);
  EXPECT_NE(alone, plain);
  const std::vector<std::string> balanced = {"class_weights=balanced"};
  const std::string both = TrainOn(nullptr, Folder("both"), 0, balanced, weights);
  EXPECT_NE(both, alone);
  for (const size_t count : {2, 4}) {
    const std::string name = Folder("weighted" + std::to_string(count));
    OnRanks(count, [&](Ranks& ranks) {
      EXPECT_EQ(TrainOn(&ranks, name, 0, {}, weights), alone) << ranks.Name();
      EXPECT_EQ(TrainOn(&ranks, name + "both", 0, balanced, weights), both) << ranks.Name();
    });
  }
}

TEST_F(RanksTest, TheFirstRanksClockEndsTheTimeOfAll) {
  const std::string alone = TrainOn(nullptr, Folder("unhurried"));
  const std::string folder = Folder("hurried");
  for (const size_t count : {2, 1, 4}) {
    OnRanks(count, [&](Ranks& ranks) {
      EXPECT_EQ(TrainOn(&ranks, folder, 0, {"train.max_time=0"}), "out of time") << ranks.Name();
    });
  }
  OnRanks(2, [&](Ranks& ranks) {
    EXPECT_EQ(TrainOn(&ranks, folder, 0, {"train.max_time=0"}), alone) << ranks.Name();
  });
}

TEST_F(RanksTest, ARankWithOtherRowsIsNamed) {
  std::vector<std::string> errors(4);
  OnRanks(4, [&](Ranks& ranks) {
    PreparedData data = Digits({});
    if (ranks.index() == 2) data.train = FirstRows(data.train, 299);
    try {
      CheckRanks(ranks, ParseYaml("name: a", "a"), data, "hash");
    } catch (const RanksFailed& e) {
      errors[ranks.index()] = e.what();
    }
  });
  for (const std::string& error : errors) {
    EXPECT_EQ(error.rfind("rank 2 on host2: the number and hash of training rows is 299 (", 0), 0)
        << error;
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 0) << "only that differs";
  }
}

TEST_F(RanksTest, ARankWithAnotherExperimentIsNamed) {
  OnRanks(2, [](Ranks& ranks) {
    const char* text = ranks.index() == 0 ? "optimizer: {name: sgd, lr: 0.1}\nseed: 1"
                                          : "optimizer: {name: sgd, lr: 0.2}\nseed: 1";
    try {
      CheckRanks(ranks, ParseYaml(text, "a"), Digits({}), "hash");
      ADD_FAILURE() << "no error";
    } catch (const RanksFailed& e) {
      EXPECT_STREQ(
          e.what(),
          "rank 1 on host1: error: the experiment differs from rank 0's: optimizer.lr is 0.2, "
          "but 0.1 on rank 0");
    }
  });
}

TEST(NumericFingerprintTest, IsTheSameForEverySimd) {
  std::set<std::string> seen;
  for (const std::string& simd : SimdNames()) {
    SetSimd(simd);
    seen.insert(NumericFingerprint());
  }
  SetSimd("");
  EXPECT_EQ(seen.size(), 1u);
}

}  // namespace
}  // namespace nabla
