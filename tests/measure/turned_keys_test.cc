#include "framework/measure/turned_keys.h"

#include <gtest/gtest.h>

#include <cmath>

#include "framework/base/error.h"
#include "tests/engine/toy.h"

namespace nabla {
namespace {

std::vector<EpochMetrics> Epochs(double train_loss, double test_loss, double accuracy) {
  EpochMetrics last{.epoch = 2, .train_loss = train_loss};
  last.test_loss = test_loss;
  last.test_accuracy = accuracy;
  last.test_metrics = {{"accuracy", accuracy}, {"f1", 2 * accuracy}};
  return {{.epoch = 1}, last};
}

TEST(Gap, IsThatOfTheFirstMetricThatDiffers) {
  const auto found = FindGap(Epochs(1, 2, 0.5), Epochs(3, 4, 0.75), "");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->metric, "test_accuracy");
  EXPECT_EQ(found->Share(0.5), 0);
  EXPECT_FALSE(std::signbit((MetricGap{"loss", 2, 1}.Share(2))));
  EXPECT_EQ(found->Share(0.75), 1);
  EXPECT_EQ(found->Share(0.625), 0.5);
  EXPECT_EQ(found->Share(1), 2);
  EXPECT_EQ(found->Share(0.25), -1);
  EXPECT_EQ(FindGap(Epochs(1, 2, 0.5), Epochs(3, 4, 0.5), "")->metric, "test_loss");
  EXPECT_EQ(FindGap(Epochs(1, NAN, 0.5), Epochs(3, 4, 0.5), "")->metric, "train_loss");
  EXPECT_FALSE(FindGap(Epochs(1, 2, 0.5), Epochs(1, 2, 0.5), ""));
  EXPECT_FALSE(FindGap({}, Epochs(1, 2, 0.5), ""));
}

TEST(Gap, IsThatOfTheWantedMetric) {
  EXPECT_EQ(FindGap(Epochs(1, 2, 0.5), Epochs(3, 4, 0.75), "test_f1")->b, 1.5);
  EXPECT_FALSE(FindGap(Epochs(1, 2, 0.5), Epochs(3, 4, 0.5), "test_accuracy"));
  try {
    FindGap(Epochs(1, 2, 0.5), Epochs(3, 4, 0.5), "test_acuracy");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean \"test_accuracy\""), std::string::npos);
  }
}

constexpr const char* kExperiment = R"(name: keys
dataset: {name: synthetic_digits, train: 200, test: 100}
model: [{name: linear, units: 12}, relu, {name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20, epochs: 2}
)";

class Keys : public testing::Test {
 protected:
  std::vector<TurnedKey> Turn(const std::string& b) {
    const auto resolved = [](const std::string& yaml) {
      return ResolvedConfig(ParseAnyExperiment(ParseYaml(yaml, "x"), ToyRegistry()));
    };
    const Node one = resolved(kExperiment);
    return TurnKeys(one, EditsBetween(one, resolved(b)), ToyRegistry(), cache_);
  }

  void Train(std::vector<TurnedKey>* keys, std::function<bool()> stop = {}) {
    Console console(true);
    RunOptions options;
    options.threads = 2;
    TrainTurned({"", std::move(stop)}, "train_loss", ToyRegistry(), options, cache_, console, keys);
  }

  Files files_{FilesOptions()};
  DataCache cache_{files_};
};

std::string Replaced(const std::string& from, const std::string& to) {
  std::string text = kExperiment;
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST_F(Keys, AreTurnedOneByOne) {
  std::string b = Replaced("lr: 0.1", "lr: 0.2");
  b.replace(b.find("units: 12"), 9, "units: 24");
  b += "seed: 3\nnotes: other\n";
  std::vector<TurnedKey> keys = Turn(b);
  ASSERT_EQ(keys.size(), 3u);
  EXPECT_EQ(keys[0].name, "seed");
  EXPECT_EQ(keys[1].name, "model.0.units");
  EXPECT_EQ(keys[2].name, "optimizer.lr");
  Train(&keys);
  for (const TurnedKey& key : keys) {
    ASSERT_TRUE(key.value) << key.name << ": " << key.error;
    EXPECT_EQ(PrintYaml(ResolvedConfig(key.spec)).find("notes: other"), std::string::npos);
  }
  // Each is the training that its file asks for.
  Threads threads(1);
  const AnySpec alone =
      ParseAnyExperiment(ParseYaml(Replaced("lr: 0.1", "lr: 0.2"), "x"), ToyRegistry());
  Experiment<float> experiment(std::get<ExperimentSpec<float>>(alone), ToyRegistry(),
                               cache_.Get(HeadOf(alone)), threads);
  ASSERT_TRUE(experiment.trainer().Run({}));
  EXPECT_EQ(*keys[2].value, experiment.trainer().history().back().train_loss);
}

// Neither the data of 3 classes with 10 outputs nor 3 outputs for 10 digits make an experiment.
TEST_F(Keys, ThatNeedEachOtherAreTurnedTogether) {
  std::string b = Replaced("{name: synthetic_digits, train: 200, test: 100}", "iris");
  b.replace(b.find("units: 10"), 9, "units: 3");
  std::vector<TurnedKey> keys = Turn(b);
  ASSERT_EQ(keys.size(), 1u) << keys[0].error << keys[1].error;
  EXPECT_EQ(keys[0].name, "dataset + model.2.units");
  Train(&keys);
  EXPECT_TRUE(keys[0].value) << keys[0].error;
}

TEST_F(Keys, ThatFailSayHow) {
  std::vector<TurnedKey> keys = Turn(Replaced("lr: 0.1", "lr: 1e30"));
  ASSERT_EQ(keys.size(), 1u);
  Train(&keys);
  EXPECT_FALSE(keys[0].value);
  EXPECT_TRUE(keys[0].error.starts_with("diverged: ")) << keys[0].error;
  keys = Turn(Replaced("lr: 0.1", "lr: 0.2"));
  Train(&keys, [] { return true; });
  EXPECT_EQ(keys[0].error, "not trained to its end (--budget, or a signal)");
}

}  // namespace
}  // namespace nabla
