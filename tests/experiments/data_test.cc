// Which data a run uses, and what it says of them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kNotCompared =
    "not compared with the notebook, which did not train on synthetic_digits\n";

TEST(Data, SyntheticDigitsStandInWhereMnistIsNowhere) {
  Program program;
  program.environment["NABLA_DATA"] = "";
  const Outcome run =
      program.Run({"mnist_3layer.yaml", "--offline", "--quiet", "train.epochs=1", "--out", "o"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  // The warning cannot be missed, not even by --quiet.
  for (const char* part : {"!!!!!!!!", "WARNING: the data set mnist is not available",
                           "This run continues with synthetic_digits", "since offline is set"}) {
    EXPECT_TRUE(Contains(run.err, part)) << part << "\n" << run.err;
  }
  const Json summary = Json::parse(program.Read("o/summary.json"));
  EXPECT_EQ(summary["dataset"], "synthetic_digits");
}

TEST(Data, SyntheticDigitsAreNotCompared) {
  Program program;
  const Outcome instead =
      program.Run({"mnist_3layer.yaml", "--offline", "train.epochs=1", "--out", "a"});
  EXPECT_EQ(instead.code, 0);
  EXPECT_FALSE(Contains(instead.out, "19.1906")) << instead.out;
  EXPECT_TRUE(Contains(instead.out, kNotCompared)) << instead.out;
  EXPECT_TRUE(Contains(instead.out, "data: synthetic_digits, 60000 rows to train"));

  const Outcome by_name = program.Run(Short("b"));
  EXPECT_EQ(by_name.code, 0);
  EXPECT_EQ(by_name.err, "");
  EXPECT_FALSE(Contains(by_name.out, "19.1906")) << by_name.out;
  EXPECT_TRUE(Contains(by_name.out, kNotCompared)) << by_name.out;
  EXPECT_EQ(Json::parse(program.Read("b/summary.json"))["dataset"], "synthetic_digits");
}

TEST(Data, AnExperimentWithoutReferenceSaysNothingOfNotebooks) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  EXPECT_FALSE(Contains(program.Run({"my.yaml"}).out, "notebook"));
}

TEST(Data, ACorruptFileIsBadInput) {
  Program program;
  program.Write("data/mnist/train-images-idx3-ubyte", "no images");
  for (const bool by_flag : {true, false}) {
    Words words = {"mnist_3layer.yaml", "--offline", "--out", "o"};
    if (by_flag) {
      words.insert(words.end(), {"--data", "data"});
    } else {
      program.environment["NABLA_DATA"] = "data";
    }
    const Outcome run = program.Run(words);
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(Contains(
        run.err, program.Path("data/mnist/train-images-idx3-ubyte") + ": error: expected SHA-256 "))
        << run.err;
    EXPECT_FALSE(program.Has("o"));
  }
}

// What the weights of a small convolutional net are after `arguments`.
std::string WeightsOf(Words arguments) {
  Program program;
  program.Write("net.yaml", R"(name: net
dataset: {name: synthetic_digits, train: 300, test: 50}
model:
  - {name: conv2d, channels: 3, kernel_size: 5, stride: 2}
  - relu
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 32, epochs: 2}
)");
  arguments.insert(arguments.begin(), {"net.yaml", "--out", "o"});
  const Outcome run = program.Run(arguments);
  EXPECT_EQ(run.code, 0) << run.err;
  return Json::parse(program.Read("o/summary.json"))["weights_hash"];
}

TEST(Data, OptionsOfAnyDataSetChangeTheWeightsAndThreadsDoNot) {
  std::set<std::string> hashes;
  const std::vector<Words> options = {
      {},
      {"subset.train=200"},
      {"subset.train=200", "subset.seed=1"},
      {"standardise=true"},
      {"augment.shift=1"},
      {"augment.rotate=10"},
      {"augment.noise=0.1"},
      {"subset.train=200", "standardise=true", "augment.noise=0.1"}};
  for (const Words& words : options) {
    std::set<std::string> same;
    for (const char* threads : {"1", "2", "3"}) {
      Words all = words;
      all.insert(all.end(), {"--threads", threads});
      same.insert(WeightsOf(all));
    }
    EXPECT_EQ(same.size(), 1u);
    hashes.merge(same);
  }
  EXPECT_EQ(hashes.size(), options.size());
}

TEST(Data, OptionsThatCannotBeAreBadInput) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  for (const auto& [words, message] :
       {std::pair<Words, const char*>{{"augment.shift=1", "standardise=true"}, "need pixels"},
        {{"augment.shift=-1"}, "-1 is out of range"},
        {{"subset.train=1000000"}, "subset.train is 1000000, but there are only"}}) {
    Words all = {"my.yaml", "--out", "o"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome run = program.Run(all);
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(Contains(run.err, message)) << run.err;
    EXPECT_FALSE(program.Has("o"));
  }
}

double LastTestLoss(const Program& program, const std::string& folder) {
  const std::string lines = program.Read(folder + "/metrics.jsonl");
  const size_t begin = lines.rfind('\n', lines.size() - 2) + 1;  // 0 where there is one line
  return Json::parse(lines.substr(begin)).at("test_loss");
}

TEST(Data, BatchNormNeedsTwoRows) {
  Program program;
  program.Write("net.yaml",
                "name: net\ndataset: {name: xor, points: 101, test_points: 10}\n"
                "model: [{name: linear, units: 4}, batch_norm, relu, {name: linear, units: 2}]\n"
                "loss: cross_entropy\noptimizer: sgd\ntrain: {batch_size: 50, epochs: 1}\n");
  const std::string said = "net.yaml:3:35: error: batch_norm needs 2 rows in a batch, and the ";
  const auto run = [&](const Words& more) {
    Words words = {"net.yaml", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return program.Run(words);
  };
  Outcome outcome = run({"--out", "a"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(Contains(outcome.err, said + "smallest batch of an epoch has 1")) << outcome.err;
  EXPECT_EQ(run({"--out", "b", "train.batch_size=1"}).code, 2);
  outcome = run({"--out", "c", "train.gradient_shards=32", "train.drop_last=true"});
  EXPECT_TRUE(Contains(outcome.err, said + "smallest shard of a batch has 1")) << outcome.err;
  EXPECT_FALSE(program.Has("a"));
  EXPECT_EQ(run({"--out", "d", "train.drop_last=true"}).code, 0);
  EXPECT_EQ(run({"--out", "e", "train.batch_size=51"}).code, 0);
  EXPECT_EQ(run({"--out", "f", "train.rows_per_epoch=100"}).code, 0);
  // A channel of a picture has many numbers in one row.
  EXPECT_EQ(run({"--out", "g", "train.batch_size=1",
                 "dataset={name: synthetic_digits, train: 5, test: 5}",
                 "model=[{name: conv2d, channels: 2, kernel_size: 5, stride: 3}, batch_norm, "
                 "{name: linear, units: 10}]"})
                .code,
            0);
}

// Where augmentation makes training rows dense, sparse test rows with a mean are still evaluated as
// they are without it.
TEST(Data, AugmentationDoesNotChangeWhatAnEvaluationSays) {
  Program program;
  program.Write("net.yaml",
                "name: net\n"
                "dataset: {name: synthetic_digits, train: 200, test: 200, mean: 0.5, std: 0.3}\n"
                "model: [{name: linear, units: 64}, {name: linear, units: 10}]\n"
                "loss: cross_entropy\noptimizer: {name: sgd, lr: 0}\ntrain: {epochs: 1}\n");
  std::vector<double> losses;
  for (const char* noise : {"0", "0.1"}) {
    const Words words = {"net.yaml", "--out", noise, "--quiet",
                         std::string("augment.noise=") + noise};
    const Outcome run = program.Run(words);
    EXPECT_EQ(run.code, 0) << run.err;
    losses.push_back(LastTestLoss(program, noise));
  }
  EXPECT_EQ(losses[0], losses[1]);
}

}  // namespace
}  // namespace nabla
