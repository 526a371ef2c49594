// `run reproduce` on a small experiment of synthetic digits.
#include <fmt/format.h>
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

// Without mistakes, unless `more` asks for them: they would take a minute in all these tests.
Outcome Reproduce(Program& program, const std::string& references, const Words& more = {},
                  const std::string& seeds = "12") {
  program.Write("tiny.yaml", kExperiment + ("reference:\n" + references));
  Words words = {"reproduce", "tiny.yaml", "reproduce.power=false", "--seeds", seeds, "--out", "o"};
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
  EXPECT_TRUE(Contains(run.out, "tiny: up to 12 runs of 3 epochs")) << run.out;
  EXPECT_TRUE(Contains(run.out, "verdict: farther out than all of 12 runs, p < 0.084")) << run.out;
  EXPECT_TRUE(Contains(run.out, "notes: Nothing is hidden.")) << run.out;
  const Json result = Result(program);
  ASSERT_EQ(result["lists"].size(), 2u);
  EXPECT_EQ(result["lists"][0]["verdict"], "reproduced");
  EXPECT_EQ(result["lists"][1]["verdict"], "farther out than all runs");
  EXPECT_EQ(result["lists"][1]["runs_as_far"], 0);
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
  EXPECT_EQ(list["verdict"], "farther out than all runs");
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
  const Outcome run = program.Run({"reproduce", "tiny.yaml", "longer.yaml", "--no-power", "--seeds",
                                   "12", "--threads", "1", "--out", "both"});
  ASSERT_EQ(run.code, 0) << run.err;
  const Json both = Json::parse(program.Read("both/reproduction.json"))["experiments"];
  ASSERT_EQ(both.size(), 2u);
  Json tiny = both[0];
  tiny.erase("seconds");
  alone.erase("seconds");
  EXPECT_EQ(tiny, alone);
  EXPECT_EQ(both[1]["name"], "longer");
  // Judged once each.
  const size_t tiny_verdict = run.out.find("\ntiny: made up, 12 runs");
  const size_t longer_verdict = run.out.find("\nlonger: made up, 12 runs");
  ASSERT_NE(tiny_verdict, std::string::npos) << run.out;
  EXPECT_LT(tiny_verdict, longer_verdict);
  EXPECT_EQ(run.out.find("made up", longer_verdict + 20), std::string::npos) << run.out;
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

// Diverged runs are kept as null, and count in a second call as in the first.
TEST(Reproduce, ASecondCallSaysTheSame) {
  for (const bool diverges : {false, true}) {
    Program program;
    const std::string reference = TrueReference(program, "l");
    const auto lists = [&] {
      const Words more = {"optimizer.lr=1e38", "loss={name: half_mse}"};
      EXPECT_EQ(Reproduce(program, reference, diverges ? more : Words()).code, 0);
      return Result(program)["lists"];
    };
    const Json first = lists();
    EXPECT_EQ(first[0]["runs"], 12);
    EXPECT_EQ(first[0]["runs_not_finite"], diverges ? 12 : 0);
    EXPECT_EQ(first[0]["verdict"] == "reproduced", !diverges);
    EXPECT_EQ(lists(), first);
  }
}

TEST(Reproduce, RunsAreAddedUntilTheAnswerStands) {
  Program program;
  const std::string wrong = "  - {metric: train_loss, epochs: [1, 3], printed: [9.1, 0.001]}\n";
  program.Write("tiny.yaml", kExperiment + ("reference:\n" + wrong));
  const Outcome all = program.Run({"reproduce", "tiny.yaml", "--out", "all", "--no-power"});
  ASSERT_EQ(all.code, 0) << all.err;
  EXPECT_TRUE(Contains(all.out, "budget: 60 s on ")) << all.out;
  EXPECT_TRUE(Contains(all.out, "tiny: up to 199 runs of 3 epochs")) << all.out;
  EXPECT_TRUE(
      Contains(all.out, "verdict: not reproduced: farther out than all of 199 runs, p < 0.0051"))
      << all.out;
  // A budget that ends first, and then goes on in the same folder.
  const Outcome few =
      program.Run({"reproduce", "tiny.yaml", "--no-power", "--out", "few", "--budget", "0m"});
  EXPECT_TRUE(Contains(few.out, "budget: 0 s on ")) << few.out;
  EXPECT_TRUE(Contains(few.out, "verdict: farther out than all of 3 runs, p < 0.34")) << few.out;
  const Outcome more =
      program.Run({"reproduce", "tiny.yaml", "--no-power", "--out", "few", "--seeds", "9"});
  EXPECT_TRUE(Contains(more.out, "farther out than all of 9 runs")) << more.out;
  const Outcome file =
      program.Run({"reproduce", "tiny.yaml", "--no-power", "--out", "file", "reproduce.budget=0"});
  EXPECT_TRUE(Contains(file.out, "farther out than all of 3 runs")) << file.out;
  // What decides about the number of runs is no part of a run.
  const Outcome same = program.Run(
      {"reproduce", "tiny.yaml", "--no-power", "--out", "file", "reproduce={budget: 1, seeds: 5}"});
  EXPECT_TRUE(Contains(same.out, "farther out than all of 5 runs")) << same.out << same.err;
}

TEST(Reproduce, AnAnswerThatIsClearEndsEarly) {
  Program program;
  const Outcome run = Reproduce(program, TrueReference(program, "l"), {}, "500");
  ASSERT_EQ(run.code, 0) << run.err;
  const Json list = Result(program)["lists"][0];
  EXPECT_EQ(list["verdict"], "reproduced");
  EXPECT_LT(list["runs"], 500);
  EXPECT_GE(list["runs"], 39);
}

// Where digits agree at first, one ulp in the first weights shows whether rounding may part them.
TEST(Reproduce, ExactListsSayWhereDigitsPart) {
  Program program;
  program.Write("true.yaml", kExperiment);
  ASSERT_EQ(program.Run({"true.yaml", "--out", "true", "--quiet"}).code, 0);
  std::istringstream lines(program.Read("true/metrics.jsonl"));
  std::string line;
  std::getline(lines, line);
  const std::string first = fmt::format("{:.6f}", Json::parse(line)["train_loss"].get<double>());
  const Outcome run =
      Reproduce(program, "  - {metric: train_loss, epochs: [1, 2], exact: true, printed: [" +
                             first + ", 0.5]}\n");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out,
                       "not reproduced: 1 of 2 values have the printed digits with seed 0; "
                       "train_loss, epoch 2 is the first that differs, 0.5 printed and "))
      << run.out;
  EXPECT_TRUE(Contains(run.out, "one ulp in the first weights moves it by ")) << run.out;
  const Json list = Result(program)["lists"][0];
  EXPECT_EQ(list["first_difference"], "train_loss, epoch 2");
  EXPECT_GT(list["off_by"], 0.01);
  EXPECT_GT(list["one_ulp_moves_it_by"], 0);
  EXPECT_LT(list["one_ulp_moves_it_by"], 1e-4);
  EXPECT_TRUE(program.Has("o/rounding/tiny/1/summary.json"));
}

// What NumPy 1.24 printed for a net whose rate is far too large, with sums in another order than
// ours: rounding grows tenfold in two epochs.
constexpr const char* kChaos = R"(name: chaos
seed: 0
rng: numpy
dtype: float64
dataset: {name: inline, inputs: [
          [1.62, -0.61], [-0.53, -1.07], [0.87, -2.3], [1.74, -0.76], [0.32, -0.25], [1.46, -2.06],
          [-0.32, -0.38], [1.13, -1.1], [-0.17, -0.88], [0.04, 0.58], [-1.1, 1.14], [0.9, 0.5],
          [0.9, -0.68], [-0.12, -0.94], [-0.27, 0.53], [-0.69, -0.4], [-0.69, -0.85], [-0.67, -0.01],
          [-1.12, 0.23], [1.66, 0.74], [-0.19, -0.89], [-0.75, 1.69], [0.05, -0.64], [0.19, 2.1]],
          labels: [1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0, 1], classes: 2}
model:
  - {name: linear, units: 8, weight: randn, bias_init: zeros}
  - tanh
  - {name: linear, units: 2, weight: randn, bias_init: zeros}
loss: cross_entropy
optimizer: {name: sgd, lr: 10}
train: {batch_size: 24, epochs: 100, shuffle: false}
evaluate: {split: none}
reference:
  - {metric: train_loss, epochs: [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
     printed: [1.404476, 9.531046, 3.403222, 1.641812, 1.051893, 1.562952, 3.381084, 1.353053,
       1.519295, 0.977644, 2.932768], exact: true}
)";

TEST(Reproduce, RoundingDecidesWhereTrainingIsChaotic) {
  Program program;
  program.Write("chaos.yaml", kChaos);
  const Outcome run = program.Run({"reproduce", "chaos.yaml", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out,
                       "verdict: exact up to epoch 30, then rounding decides: 4 of 11 "
                       "values have the printed digits with seed 0"))
      << run.out;
  const Json list = Result(program)["lists"][0];
  EXPECT_EQ(list["verdict"], "exact, then rounding decides");
  EXPECT_EQ(list["exact_up_to_epoch"], 30);
  // Chaos is no excuse for another rate: it shows before rounding does.
  const Outcome wrong =
      program.Run({"reproduce", "chaos.yaml", "optimizer.lr=10.00001", "--out", "w"});
  EXPECT_TRUE(Contains(wrong.out, "verdict: not reproduced: 1 of 11 values")) << wrong.out;
  EXPECT_TRUE(Contains(wrong.out, "train_loss, epoch 10 is the first that differs")) << wrong.out;
}

TEST(Reproduce, ThePagesShowTheVerdicts) {
  Program program;
  const Outcome run = Reproduce(program, TrueReference(program, "first run"));
  ASSERT_EQ(run.code, 0) << run.err;
  const std::string all = program.Read("o/report.html");
  EXPECT_TRUE(Contains(all, "<a href=\"tiny/report.html\">tiny</a>")) << all;
  EXPECT_TRUE(Contains(all, "made up; 12 runs, ")) << all;
  for (const std::string& page : {all, program.Read("o/tiny/report.html")}) {
    EXPECT_TRUE(Contains(page, "<div class=\"verdict good\"><b>first run</b>: reproduced: "));
    EXPECT_FALSE(Contains(page, "class=\"power\""));
  }
}

TEST(Reproduce, ReportsDoNotReplaceThePagesWithVerdicts) {
  Program program;
  ASSERT_EQ(Reproduce(program, TrueReference(program, "first run")).code, 0);
  for (const std::string folder : {"o", "o/tiny", "o/tiny/"}) {
    const std::string page = program.Read(folder + "/report.html");
    const Outcome refused = program.Run({"report", folder});
    EXPECT_EQ(refused.code, 2) << folder;
    EXPECT_TRUE(Contains(refused.err, "report.html: error: holds verdicts")) << refused.err;
    EXPECT_EQ(program.Read(folder + "/report.html"), page) << folder;
    EXPECT_EQ(program.Run({"report", folder, "--out", "elsewhere.html"}).code, 0) << folder;
  }
  EXPECT_EQ(program.Run({"report", "o/tiny/seed-0"}).code, 0);
}

TEST(Reproduce, ShardsFinishOneAnother) {
  Program whole;
  const std::string reference = TrueReference(whole, "l");
  ASSERT_EQ(Reproduce(whole, reference).code, 0);
  Program program;
  const Outcome first = Reproduce(program, reference, {"--shard", "1/2"});
  EXPECT_TRUE(Contains(first.out, "6 of 12 runs are left to do here")) << first.out;
  EXPECT_EQ(Result(program)["lists"][0]["runs"], 6);
  const Outcome second = Reproduce(program, reference, {"--shard", "2/2"});
  EXPECT_TRUE(Contains(second.out, "6 of 12 runs are left to do here")) << second.out;
  EXPECT_EQ(Result(program)["lists"][0], Result(whole)["lists"][0]);
  // The mistakes are judged by all runs.
  EXPECT_EQ(Reproduce(program, reference, {"--shard", "1/2", "--power"}).code, 2);
}

// Cheap experiments get it unasked.
TEST(Reproduce, SaysWhichMistakesWouldBeFound) {
  Program program;
  const std::string reference = TrueReference(program, "l");
  const Outcome run = Reproduce(program, reference, {"reproduce.power=null"}, "60");
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "tiny: 20 runs of each of 10 mistakes")) << run.out;
  EXPECT_TRUE(Contains(run.out, "tiny, l: reproduced; these 3 values would ")) << run.out;
  EXPECT_TRUE(Contains(run.out, "would be found: rate / 2 (100 %), rate x 2 (100 %), ")) << run.out;
  const Json list = Result(program)["lists"][0];
  ASSERT_EQ(list["power"].size(), 10u);
  EXPECT_EQ(list["power"][0]["mistake"], "rate / 2");
  EXPECT_EQ(list["power"][0]["runs"], 20);
  EXPECT_EQ(list["power"][0]["found"], 20);
  EXPECT_EQ(list["power"][0]["share"], 1);
  EXPECT_TRUE(program.Has("o/mistakes/tiny/rate_half/seed-1000003/summary.json"));
  EXPECT_TRUE(Contains(program.Read("o/tiny/report.html"), "class=\"power\""));
  EXPECT_TRUE(Contains(program.Read("o/report.html"), "rate / 2"));
  // The report of the runs alone does not take them for ours.
  EXPECT_EQ(Result(program)["runs"].size(), list["runs"]);
  // They are used again.
  const Outcome again = Reproduce(program, reference, {"reproduce.power=null"}, "60");
  EXPECT_TRUE(Contains(again.out, "0 of 200 runs are left to do here")) << again.out;
  EXPECT_EQ(Result(program)["lists"][0], list);
}

TEST(Reproduce, MistakesAreTrainedWhereTheyAreWanted) {
  Program program;
  const std::string reference = TrueReference(program, "l");
  const Words asked = {"reproduce.power=true", "--no-power"};
  EXPECT_FALSE(Contains(Reproduce(program, reference, asked).out, "mistakes"));
  EXPECT_FALSE(Contains(Reproduce(program, reference).out, "mistakes"));
  const Outcome wanted = Reproduce(program, reference, {"--power"});
  EXPECT_TRUE(Contains(wanted.out, "tiny: 20 runs of each of 10 mistakes")) << wanted.out;
  EXPECT_EQ(Reproduce(program, reference, {"--power", "--no-power"}).code, 2);
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
      program
          .Run({"reproduce", "tiny.yaml", "sweep=null", "--seeds", "1", "--no-power", "--out", "o"})
          .code,
      0);
  // What is left there is an experiment.
  EXPECT_EQ(program.Run({"o/tiny/seed-0/config.yaml", "--out", "again"}).code, 0);
}

}  // namespace
}  // namespace nabla
