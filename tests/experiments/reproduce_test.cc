// `run reproduce` on a small experiment of synthetic digits.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/tiny_notebook.h"

namespace nabla {
namespace {

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
  EXPECT_EQ(result["lists"][0]["verdict"], "too few runs to say");
  EXPECT_TRUE(Contains(run.out, "verdict: too few runs to say: ")) << run.out;
  EXPECT_FALSE(Contains(run.out, "reproduced")) << run.out;
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

TEST(Reproduce, RowsThatValidateHaveListsOfTheirOwn) {
  Program program;
  const Words validating = {"split.validation_fraction=0.3", "evaluate.split=validation"};
  program.Write("tiny.yaml", kExperiment);
  Words seven = {"tiny.yaml", "--seed", "7", "--out", "seven", "--quiet"};
  seven.insert(seven.end(), validating.begin(), validating.end());
  ASSERT_EQ(program.Run(seven).code, 0);
  std::istringstream lines(program.Read("seven/metrics.jsonl"));
  std::string losses, accuracies;
  for (std::string line; std::getline(lines, line);) {
    const Json epoch = Json::parse(line);
    losses += (losses.empty() ? "" : ",") + epoch["validation_loss"].dump();
    accuracies += (accuracies.empty() ? "" : ",") + epoch["validation_accuracy"].dump();
  }
  const Outcome run = Reproduce(
      program,
      "  - {list: loss, metric: validation_loss, epochs: 1..3, printed: [" + losses +
          "]}\n  - {list: accuracy, metric: validation_accuracy, epochs: 1..3, printed: [" +
          accuracies + "]}\n  - {list: test, metric: test_accuracy, epochs: 3, printed: 0.5}\n",
      validating);
  ASSERT_EQ(run.code, 0) << run.err;
  const Json result = Result(program);
  ASSERT_EQ(result["lists"].size(), 3u);
  EXPECT_EQ(result["lists"][0]["verdict"], "too few runs to say");
  EXPECT_EQ(result["lists"][1]["verdict"], "too few runs to say");
  EXPECT_EQ(result["runs"][7]["validation_loss"].dump(), "[" + losses + "]");
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

TEST(Reproduce, DivergedRunsAreNamed) {
  Program program;
  const Outcome run = Reproduce(program, TrueReference(program, "l"),
                                {"optimizer.lr=1e38", "loss={name: half_mse}"});
  ASSERT_EQ(run.code, 3) << run.err;  // all of them
  EXPECT_TRUE(Contains(run.out, "failed: seed 0: diverged")) << run.out;
  EXPECT_FALSE(Contains(run.out, "outside their 95 % intervals")) << run.out;
}

// 1 / (12 + 1) is no p of 0.05: nothing can be found, in the notebook or in a mistake.
TEST(Reproduce, FewRunsSayNothing) {
  Program program;
  const Outcome run = Reproduce(program, "  - {metric: train_loss, epochs: 1, printed: 99.5}\n",
                                {"reproduce.power=true"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "verdict: farther out than all of 12 runs, p < 0.084")) << run.out;
  const Outcome power =
      program.Run({"reproduce", "tiny.yaml", "--power", "--seeds", "12", "--out", "o2"});
  EXPECT_TRUE(Contains(power.out, "its power was not measured: 19 runs are needed, not 12"))
      << power.out;
  EXPECT_FALSE(program.Has("o2/mistakes"));
}

// Diverged runs are kept as null, and count in a second call as in the first.
TEST(Reproduce, ASecondCallSaysTheSame) {
  for (const bool diverges : {false, true}) {
    Program program;
    const std::string reference = TrueReference(program, "l");
    const auto lists = [&] {
      const Words more = {"optimizer.lr=1e38", "loss={name: half_mse}"};
      EXPECT_EQ(Reproduce(program, reference, diverges ? more : Words()).code, diverges ? 3 : 0);
      return Result(program)["lists"];
    };
    const Json first = lists();
    EXPECT_EQ(first[0]["runs"], 12);
    EXPECT_EQ(first[0]["runs_not_finite"], diverges ? 12 : 0);
    EXPECT_EQ(first[0]["verdict"] == "too few runs to say", !diverges);
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

TEST(Reproduce, ThePagesShowTheVerdicts) {
  Program program;
  const Outcome run = Reproduce(program, TrueReference(program, "first run"));
  ASSERT_EQ(run.code, 0) << run.err;
  const std::string all = program.Read("o/report.html");
  EXPECT_TRUE(Contains(all, "<a href=\"tiny/report.html\">tiny</a>")) << all;
  EXPECT_TRUE(Contains(all, "made up; 12 runs, ")) << all;
  for (const std::string& page : {all, program.Read("o/tiny/report.html")}) {
    EXPECT_TRUE(Contains(page, "<div class=\"verdict\"><b>first run</b>: too few runs to say: "));
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
  const Outcome wanted = Reproduce(program, reference, {"--power"}, "19");
  EXPECT_TRUE(Contains(wanted.out, "tiny: 20 runs of each of 10 mistakes")) << wanted.out;
  EXPECT_EQ(Reproduce(program, reference, {"--power", "--no-power"}).code, 2);
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

}  // namespace
}  // namespace nabla
