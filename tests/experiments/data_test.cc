// Which data a run uses, and what it says of them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/experiments/program.h"
#include "tests/experiments/run_results.h"

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
  EXPECT_EQ(run.out, program.Path("o") + "\n");
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
  return WeightsHash(program, "o");
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

// A run of a data set given as text, with what it says on standard error.
Outcome Trained(Program& program, const std::string& dataset, const Words& more = {}) {
  program.Write("net.yaml", "name: net\ndataset: " + dataset +
                                "\nmodel: [{name: linear, units: 2}]\nloss: cross_entropy\n"
                                "optimizer: {name: adam, lr: 0.05}\ntrain: {epochs: 3}\n");
  Words words = {"net.yaml", "--quiet"};
  words.insert(words.end(), more.begin(), more.end());
  return program.Run(words);
}

double LastTestLoss(const Program& program, const std::string& folder) {
  const std::string lines = program.Read(folder + "/metrics.jsonl");
  const size_t begin = lines.rfind('\n', lines.size() - 2) + 1;  // 0 where there is one line
  return Json::parse(lines.substr(begin)).at("test_loss");
}

TEST(Data, AConstantColumnBecomesZeroAndIsNamed) {
  Program program;
  for (const auto& [file, rows, constant] :
       {std::tuple{"train.csv", 1000, "14.62"}, {"test.csv", 100, "14.63"}}) {
    std::string text = "y,a,b\n";
    for (int r = 0; r < rows; ++r) {
      text += std::to_string(r % 2) + (r % 2 == 1 ? ",1.25," : ",-0.75,") + constant + "\n";
    }
    program.Write(file, text);
  }
  const Outcome run = Trained(program, "{name: csv, train: train.csv, test: test.csv}",
                              {"standardise=true", "--out", "o"});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(Contains(run.err, "become 0: the input b\n")) << run.err;
  EXPECT_LT(LastTestLoss(program, "o"), 1);
}

TEST(Data, ASortedFileIsShuffledOrItsMissingClassesAreSaid) {
  Program program;
  std::string text;
  for (int r = 0; r < 90; ++r) text += std::to_string(r) + "," + std::to_string(r / 45) + "\n";
  program.Write("sorted.csv", text);
  const std::string sorted =
      "{name: csv, train: sorted.csv, label_column: -1, task: classification}";
  EXPECT_EQ(Trained(program, sorted, {"split.test_fraction=0.5"}).err, "");
  const Outcome run =
      Trained(program, sorted, {"split={test_fraction: 0.5, permutation: none}", "--out", "p"});
  EXPECT_EQ(run.err,
            "warning: no row to train on has the class 0\n"
            "warning: no row to test on has the class 1\n");
}

TEST(Data, TestRowsThatAreTheTrainingRowsAreSaid) {
  Program program;
  program.Write("a.csv", "0,1,2\n1,3,4\n");
  const std::string said = "warning: the test rows are the training rows";
  int runs = 0;
  for (const char* dataset : {"{name: inline, inputs: [[0, 1], [1, 1]], labels: [0, 1]}",
                              "{name: csv, train: a.csv, test: a.csv}"}) {
    for (const auto& [setting, warned] : {std::pair{"seed=1", true},
                                          {"evaluate.split=none", false},
                                          {"split={merge: true, test_fraction: 0.5}", true},
                                          {"split.test_fraction=0.5", false}}) {
      const Outcome run =
          Trained(program, dataset, {setting, "--out", "o" + std::to_string(++runs)});
      EXPECT_EQ(run.code, 0) << run.err;
      EXPECT_EQ(Contains(run.err, said), warned) << setting << "\n" << run.err;
    }
  }
}

// How often `part` stands in `text`.
size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Data, EveryCommandShowsTheRemarksOnce) {
  Program program;
  program.Write("a.csv", "class,b\n0,1\n1,3\n0,2\n1,5\n");
  const std::string dataset = "{name: csv, train: a.csv, test: a.csv}";
  const std::string note = "a.csv:1: note: the line is taken for a header: \"class\", \"b\"\n";
  const std::string warning = "warning: the test rows are the training rows";
  const Outcome quiet = Trained(program, dataset);
  EXPECT_EQ(Count(quiet.err, warning), 1u) << quiet.err;
  EXPECT_EQ(Count(quiet.err, note), 0u);
  const Outcome alone = program.Run({"net.yaml", "--out", "alone"});
  EXPECT_EQ(Count(alone.err, warning), 1u) << alone.err;
  EXPECT_EQ(Count(alone.err, note), 2u);  // both files are this one
  for (const Words& words :
       {Words{"net.yaml", "--out", "s", "--seeds", "4", "optimizer.lr=0.1,0.2"},
        {"time", "net.yaml"},
        {"time", "net.yaml", "--json"},
        {"find-lr", "net.yaml", "--steps", "20"},
        {"reproduce", "net.yaml", "--seeds", "3", "--out", "r",
         "reference=[{metric: test_accuracy, epochs: 3, printed: 0.5}]"}}) {
    const Outcome run = program.Run(words);
    EXPECT_LE(run.code, 1) << run.err;
    const size_t notes = words[0] == "net.yaml" || words[0] == "reproduce" ? 1 : 2;
    EXPECT_EQ(Count(run.err, note), notes) << words[0] << run.err;
    EXPECT_EQ(Count(run.err, warning), 1u) << words[0] << run.err;
    EXPECT_FALSE(Contains(run.out, "warning")) << run.out;
  }
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
