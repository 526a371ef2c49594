// What `run reproduce` refuses, and the places that it names.
#include <gtest/gtest.h>

#include <string>

#include "tests/experiments/tiny_notebook.h"

namespace nabla {
namespace {

// Of several files the one is named in which the mistake is.
TEST(ReproduceRefused, MistakesThatRunsFindHaveTheirPlace) {
  Program program;
  const std::string reference = "reference:\n" + TrueReference(program, "l");
  program.Write("good.yaml", kExperiment + reference);
  std::string bad = kExperiment;
  bad.replace(bad.find("[{name: linear, units: 10}]"), 27, "[{name: linear, units: 11}]");
  program.Write("same.yaml", bad + reference);
  const Outcome same = program.Run({"reproduce", "good.yaml", "same.yaml", "--out", "o"});
  EXPECT_EQ(same.code, 2) << same.out;
  EXPECT_TRUE(Contains(same.err, "same.yaml:1:7: error: another experiment has the name tiny too"))
      << same.err;
  bad.replace(bad.find("tiny"), 4, "bad");
  program.Write("bad.yaml", bad + reference);
  const Outcome run = program.Run({"reproduce", "good.yaml", "bad.yaml", "--out", "o"});
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_TRUE(Contains(run.err, "bad.yaml:6:7: error: the last layer gives 11 outputs")) << run.err;
}

TEST(ReproduceRefused, FilesWithoutReferencesAreRefused) {
  Program program;
  program.Write("bare.yaml", kExperiment);
  const Outcome run = program.Run({"reproduce", "bare.yaml"});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(Contains(run.err, "tiny has no metrics to reproduce")) << run.err;
  EXPECT_EQ(program.Run({"reproduce", "none.yaml"}).code, 2);
}

TEST(ReproduceRefused, OtherDataWouldSayNothing) {
  Program program;
  const Outcome run = program.Run({"reproduce", "mnist_3layer.yaml", "--offline"});
  EXPECT_EQ(run.code, 1);
  EXPECT_FALSE(Contains(run.out, "verdict")) << run.out;
}

TEST(ReproduceRefused, ListsThatCannotBeJudgedAreRefusedAtTheirPlace) {
  const auto expect = [](const std::string& list, const Words& more, const std::string& why) {
    Program program;
    const Outcome run = Reproduce(program, "  - {" + list + "}\n", more);
    EXPECT_EQ(run.code, 2) << list;
    EXPECT_TRUE(Contains(run.err, "tiny.yaml:11:5: error: ")) << run.err;
    EXPECT_TRUE(Contains(run.err, why)) << run.err;
    EXPECT_FALSE(program.Has("o")) << list;
  };
  expect("metric: train_loss, epochs: [1, 4], printed: [1, 2]", {},
         "epoch 4 comes after the last one, 3");
  expect("metric: train_loss, epochs: [1, 3], printed: [1, 2]", {"train.epochs=2"},
         "epoch 3 comes after the last one, 2");
  expect("metric: test_loss, epochs: 3, printed: 1", {"evaluate.split=none"},
         "test_loss needs the test rows, but evaluate.split is none");
  expect("metric: validation_loss, epochs: 3, printed: 1", {},
         "validation_loss needs rows that split.validation_fraction puts aside, and "
         "evaluate.split is test");
  expect("metric: test_loss, epochs: [2, 3], printed: [1, 2]",
         {"split.validation_fraction=0.5", "evaluate.split=validation"},
         "test_loss needs the test rows, but evaluate.split is validation");
  expect("metric: test_accuracy, epochs: 1, printed: 1", {"evaluate.every=2"},
         "epoch 1 is not evaluated, since evaluate.every is 2");
  expect("metric: train_accuracy, epochs: 1, printed: 1", {"evaluate={split: both, every: 3}"},
         "epoch 1 is not evaluated");
  expect("metric: confusion_matrix, printed: [[1, 2], [3, 4]]", {"metrics=[accuracy]"},
         "metrics has no confusion_matrix");
  expect("metric: confusion_matrix, printed: [[1, 2], [3, 4]]", {},
         "4 cells are no matrix of 10 classes");
  expect("metric: test_loss, epochs: 3, printed: 1", {"subset.test=0", "dataset.test=0"}, "");
  expect("metric: initial_loss, rows: 301, printed: 1", {},
         "it is of 301 rows, and there are only 300 to train on");
}

TEST(ReproduceRefused, AccuracyOfNumbersCannotBeJudged) {
  Program program;
  program.Write("numbers.yaml", R"(name: numbers
dataset: {name: inline, inputs: [[1], [2]], targets: [[3], [5]]}
model: [{name: linear, units: 1}]
loss: mse
optimizer: {name: sgd, lr: 0.01}
reference:
  - {metric: test_accuracy, epochs: 1, printed: 0.5}
)");
  const Outcome run = program.Run({"reproduce", "numbers.yaml", "--out", "o"});
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_TRUE(Contains(run.err,
                       "numbers.yaml:7:5: error: this list cannot be judged: "
                       "test_accuracy needs classes, and the targets are numbers"))
      << run.err;
}

// A run goes on without them, and says so where the file is to blame.
TEST(ReproduceRefused, RunWarnsOfSuchLists) {
  Program program;
  const std::string list = "reference:\n  - {metric: train_loss, epochs: 4, printed: 1}\n";
  program.Write("tiny.yaml", kExperiment + list);
  const Outcome run = program.Run({"tiny.yaml", "--out", "o"});
  EXPECT_EQ(run.code, 0);
  const std::string warning =
      "tiny.yaml:11:5: warning: this list cannot be judged: epoch 4 comes "
      "after the last one, 3\n";
  EXPECT_EQ(run.err, warning);
  EXPECT_EQ(program.Run({"tiny.yaml", "--print-config"}).err, warning);
  EXPECT_EQ(program.Run({"tiny.yaml", "--out", "p", "train.epochs=1"}).err, "");
}

TEST(ReproduceRefused, TakesOneValueOfEachKey) {
  Program program;
  const std::string list = "  - {metric: train_loss, epochs: 1, printed: 1}\n";
  const Outcome run = Reproduce(program, list, {"optimizer.lr=0.1,0.2"});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(Contains(run.err,
                       "command line: optimizer.lr=0.1,0.2: error: reproduce takes one "
                       "value of each key"))
      << run.err;
  EXPECT_FALSE(program.Has("o"));
  program.Write("tiny.yaml", kExperiment + ("sweep: {seeds: 2}\nreference:\n" + list));
  EXPECT_EQ(program.Run({"reproduce", "tiny.yaml", "--out", "o"}).code, 2);
  EXPECT_EQ(
      program
          .Run({"reproduce", "tiny.yaml", "sweep=null", "--seeds", "1", "--no-power", "--out", "o"})
          .code,
      0);
  // What is left there is an experiment.
  EXPECT_EQ(program.Run({"o/tiny/seed-0/config.yaml", "--out", "again"}).code, 0);
}

}  // namespace
}  // namespace nabla
