// `run reproduce` on a small experiment of synthetic digits.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kExperiment = R"(name: tiny
source: made up
notes: Nothing is hidden.
dataset: {name: synthetic_digits, train: 300, test: 100}
model: [{name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
metrics: [confusion_matrix]
train: {batch_size: 20, epochs: 3, rows_per_epoch: 200}
)";

// The metrics of the run with seed 1000, so that it is one more run of the same kind.
std::string TrueReference(Program& program, const std::string& list) {
  program.Write("true.yaml", kExperiment);
  EXPECT_EQ(program.Run({"true.yaml", "--seed", "1000", "--out", "true", "--quiet"}).code, 0);
  std::string losses;
  std::istringstream lines(program.Read("true/metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    losses += (losses.empty() ? "" : ", ") +
              std::to_string(Json::parse(line)["train_loss"].get<double>());
  }
  return "  - {list: " + list + ", metric: train_loss, epochs: 1..3, printed: [" + losses + "]}\n";
}

Outcome Reproduce(Program& program, const std::string& references, const Words& more = {}) {
  program.Write("tiny.yaml", kExperiment + ("reference:\n" + references));
  Words words = {"reproduce", "tiny.yaml", "--seeds", "12", "--out", "o"};
  words.insert(words.end(), more.begin(), more.end());
  return program.Run(words);
}

Json Result(const Program& program) {
  return Json::parse(program.Read("o/reproduction.json"))["experiments"][0];
}

TEST(Reproduce, TellsTrueListsFromWrongOnes) {
  Program program;
  const Outcome run = Reproduce(
      program, TrueReference(program, "good") +
                   "  - {list: bad, metric: train_loss, epochs: [1, 3], printed: [9.1, 0.001]}\n"
                   "  - {list: bad, metric: test_accuracy, epochs: 3, printed: 0.10}\n");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_TRUE(Contains(run.out, "tiny: 12 runs of 3 epochs")) << run.out;
  EXPECT_TRUE(Contains(run.out, "verdict: not reproduced (p < 0.0001)")) << run.out;
  EXPECT_TRUE(Contains(run.out, "notes: Nothing is hidden.")) << run.out;
  const Json result = Result(program);
  ASSERT_EQ(result["lists"].size(), 2u);
  EXPECT_NE(result["lists"][0]["verdict"], "not reproduced");
  EXPECT_EQ(result["lists"][1]["verdict"], "not reproduced");
  EXPECT_EQ(result["lists"][1]["metrics"][1]["epoch"], 3);
  EXPECT_EQ(result["lists"][1]["metrics"][2]["inside"], false);
  ASSERT_EQ(result["runs"].size(), 12u);
  EXPECT_EQ(result["runs"][11]["seed"], 11);
  EXPECT_EQ(result["runs"][0]["test_accuracy"].size(), 3u);
}

TEST(Reproduce, RunsAreThoseOfRun) {
  Program program;
  ASSERT_EQ(Reproduce(program, TrueReference(program, "l")).code, 0);
  EXPECT_EQ(program.Run({"true.yaml", "--seed", "7", "--out", "seven", "--quiet"}).code, 0);
  std::istringstream lines(program.Read("seven/metrics.jsonl"));
  const Json run = Result(program)["runs"][7];
  size_t epoch = 0;
  for (std::string line; std::getline(lines, line); ++epoch) {
    EXPECT_EQ(run["train_loss"][epoch], Json::parse(line)["train_loss"]);
    EXPECT_EQ(run["test_accuracy"][epoch], Json::parse(line)["test_accuracy"]);
  }
  EXPECT_EQ(epoch, 3u);
}

TEST(Reproduce, ThreadsChangeNothing) {
  Program program;
  const std::string reference = TrueReference(program, "l");
  ASSERT_EQ(Reproduce(program, reference, {"--threads", "1"}).code, 0);
  Json one = Result(program);
  Program other;  // whose folder holds no finished runs
  ASSERT_EQ(Reproduce(other, reference, {"--threads", "3"}).code, 0);
  Json three = Result(other);
  one.erase("seconds");
  three.erase("seconds");
  EXPECT_EQ(one, three);
}

TEST(Reproduce, ExactListsNeedOneRunAndItsDigits) {
  Program program;
  const Outcome first =
      Reproduce(program, "  - {metric: initial_loss, rows: 8, exact: true, printed: 9}\n");
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(Contains(first.out, "verdict: not reproduced: 0 of 1 values")) << first.out;
  Json result = Result(program);
  ASSERT_EQ(result["runs"].size(), 1u);
  const double loss = result["runs"][0]["initial_losses"][0]["loss"];
  Program other;
  const Outcome second = Reproduce(other,
                                   "  - {metric: initial_loss, rows: 8, exact: true, "
                                   "printed: " +
                                       std::to_string(loss) + "}\n");
  EXPECT_TRUE(Contains(second.out, "verdict: reproduced exactly: 1 of 1 values")) << second.out;
}

TEST(Reproduce, ConfusionMatricesAreComparedCellByCell) {
  Program program;
  std::string cells;
  for (int i = 0; i < 100; ++i) {
    cells += (i == 0 ? "" : ", ") + std::string(i % 11 == 0 ? "1" : "2");
  }
  const Outcome run =
      Reproduce(program, "  - {metric: confusion_matrix, printed: [" + cells + "]}\n");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "confusion_matrix as printed")) << run.out;
  const Json list = Result(program)["lists"][0];
  EXPECT_EQ(list["verdict"], "not reproduced");
  ASSERT_EQ(list["metrics"].size(), 100u);
  double total = 0;
  for (const Json& metric : list["metrics"]) total += metric["mean"].get<double>();
  EXPECT_NEAR(total, 100, 1e-9);  // every test row is in one cell
}

TEST(Reproduce, OverridesHoldForEveryFile) {
  Program program;
  const std::string list = TrueReference(program, "l");
  ASSERT_EQ(Reproduce(program, list, {"train.batch_size=100", "train.epochs=4"}).code, 0);
  EXPECT_EQ(Result(program)["runs"][0]["train_loss"].size(), 4u);
  EXPECT_TRUE(Contains(program.Read("o/tiny/seed-11/config.yaml"), "batch_size: 100"));
}

TEST(Reproduce, FilesAreJudgedTogetherAsAlone) {
  Program program;
  const std::string reference = TrueReference(program, "l");
  ASSERT_EQ(Reproduce(program, reference).code, 0);
  Json alone = Result(program);
  std::string longer = kExperiment;
  longer.replace(longer.find("tiny"), 4, "longer");
  longer.replace(longer.find("epochs: 3"), 9, "epochs: 4");
  program.Write("longer.yaml", longer + "reference:\n" + reference);
  const Outcome run = program.Run({"reproduce", "tiny.yaml", "longer.yaml", "--seeds", "12",
                                   "--threads", "1", "--out", "both"});
  ASSERT_EQ(run.code, 0) << run.err;
  const Json both = Json::parse(program.Read("both/reproduction.json"))["experiments"];
  ASSERT_EQ(both.size(), 2u);
  Json tiny = both[0];
  tiny.erase("seconds");
  alone.erase("seconds");
  EXPECT_EQ(tiny, alone);
  EXPECT_EQ(both[1]["name"], "longer");
  // Judged once each, the one whose runs are longer first.
  const size_t tiny_verdict = run.out.find("\ntiny: made up, 12 runs");
  const size_t longer_verdict = run.out.find("\nlonger: made up, 12 runs");
  ASSERT_NE(tiny_verdict, std::string::npos) << run.out;
  EXPECT_LT(longer_verdict, tiny_verdict);
  EXPECT_EQ(run.out.find("made up", tiny_verdict + 20), std::string::npos) << run.out;
  EXPECT_EQ(both[1]["runs"].size(), 12u);
  EXPECT_EQ(both[1]["runs"][3]["train_loss"].size(), 4u);
  EXPECT_GT(both[1]["seconds"], 0);
}

// Of several files the one is named in which the mistake is.
TEST(Reproduce, MistakesThatRunsFindHaveTheirPlace) {
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

TEST(Reproduce, DivergedRunsAreNamed) {
  Program program;
  const Outcome run = Reproduce(program, TrueReference(program, "l"),
                                {"optimizer.lr=1e38", "loss={name: half_mse}"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "failed: seed 0: diverged")) << run.out;
}

TEST(Reproduce, FilesWithoutReferencesAreRefused) {
  Program program;
  program.Write("bare.yaml", kExperiment);
  const Outcome run = program.Run({"reproduce", "bare.yaml"});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(Contains(run.err, "tiny has no metrics to reproduce")) << run.err;
  EXPECT_EQ(program.Run({"reproduce", "none.yaml"}).code, 2);
}

TEST(Reproduce, OtherDataWouldSayNothing) {
  Program program;
  const Outcome run = program.Run({"reproduce", "mnist_3layer.yaml", "--offline"});
  EXPECT_EQ(run.code, 1);
  EXPECT_FALSE(Contains(run.out, "verdict")) << run.out;
}

TEST(Reproduce, InterruptJudgesWhatIsDone) {
  Program program;
  program.Write("tiny.yaml", kExperiment + ("reference:\n" + TrueReference(program, "l")));
  program.Start(
      {"reproduce", "tiny.yaml", "train.epochs=1000000", "evaluate.every=1000", "--out", "o"});
  for (int i = 0; i < 1000 && !program.Has("o/tiny/seed-0/metrics.jsonl"); ++i) usleep(10000);
  program.Signal(SIGINT);
  const Outcome stopped = program.Finish();
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_TRUE(Contains(stopped.out, "verdict: not judged")) << stopped.out;
  EXPECT_FALSE(Contains(stopped.out, "report.html")) << stopped.out;
  EXPECT_FALSE(program.Has("o/tiny/report.html"));
  const Json json = Json::parse(program.Read("o/reproduction.json"));
  EXPECT_EQ(json["status"], "stopped");
  EXPECT_EQ(json["experiments"][0]["status"], "incomplete");
  EXPECT_GT(json["experiments"][0]["missing"], 0);
}

TEST(Reproduce, ListsThatCannotBeJudgedAreRefusedAtTheirPlace) {
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

TEST(Reproduce, AnExactListNeedsTheSeedOfTheFile) {
  Program program;
  program.Write("tiny.yaml", std::string(kExperiment) +
                                 "reference:\n"
                                 "  - {metric: initial_loss, exact: true, printed: 1}\n"
                                 "  - {metric: train_loss, epochs: 1, printed: 1}\n");
  const Outcome run = program.Run({"reproduce", "tiny.yaml", "--seeds", "5..9", "--out", "o"});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(Contains(run.err,
                       "tiny.yaml:11:5: error: an exact list is judged by seed 0, which "
                       "--seeds leaves out"))
      << run.err;
}

TEST(Reproduce, AccuracyOfNumbersCannotBeJudged) {
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
TEST(Reproduce, RunWarnsOfSuchLists) {
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

TEST(Reproduce, TakesOneValueOfEachKey) {
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
      program.Run({"reproduce", "tiny.yaml", "sweep=null", "--seeds", "1", "--out", "o"}).code, 0);
  // What is left there is an experiment.
  EXPECT_EQ(program.Run({"o/tiny/seed-0/config.yaml", "--out", "again"}).code, 0);
}

}  // namespace
}  // namespace nabla
