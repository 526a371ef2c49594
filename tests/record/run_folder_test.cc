// What a run leaves behind.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "framework/kernels/simd.h"
#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

Json Summary(const Program& program, const std::string& folder) {
  return Json::parse(program.Read(folder + "/summary.json"));
}

std::string Hash(const Program& program, const std::string& folder) {
  return Summary(program, folder)["weights_hash"];
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(RunFolder, HoldsASummary) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "o", "--threads", "2", "seed=5"}).code, 0);
  const Json s = Summary(program, "o");
  EXPECT_EQ(s["name"], "small");
  EXPECT_EQ(s["status"], "complete");
  EXPECT_EQ(s["dataset"], "synthetic_digits");
  EXPECT_EQ(s["dtype"], "float32");
  EXPECT_EQ(s["seed"], 5);
  EXPECT_EQ(s["threads"], 2);
  EXPECT_EQ(s["simd"], SimdNames().front());
  EXPECT_EQ(s["epochs"], 2);
  EXPECT_GT(s["train_loss"], 0.0);
  EXPECT_GT(s["test_accuracy"], 0.0);
  EXPECT_LE(s["test_accuracy"], 1.0);
  EXPECT_GT(s["seconds"], 0.0);
  EXPECT_GT(s["samples_per_second"], 0.0);
  EXPECT_EQ(s["weights_hash"].get<std::string>().size(), 32u);
}

TEST(RunFolder, HoldsWhatTheRunSaid) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome run = program.Run({"my.yaml", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  // Only the first line, the file's path, is not the run's.
  EXPECT_EQ(program.Read("o/log.txt"), run.out.substr(run.out.find('\n') + 1));
  ASSERT_EQ(program.Run({"my.yaml", "--out", "q", "--quiet"}).code, 0);
  EXPECT_TRUE(Contains(program.Read("q/log.txt"), "epoch 2/2  loss "));
  EXPECT_TRUE(Contains(program.Read("q/log.txt"), "trained 2 epochs on "));
}

TEST(RunFolder, TellsWhereAStepSpendsItsTime) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "o"}).code, 0);
  std::set<std::string> phases;
  const Json inspection = Json::parse(program.Read("o/inspection.json"));
  for (const Json& row : inspection["time"]) {
    EXPECT_GT(row["ms"], 0.0);
    phases.insert(row["phase"]);
  }
  EXPECT_EQ(phases, (std::set<std::string>{"backward", "forward", "gradient", "update"}));
  EXPECT_TRUE(Contains(program.Read("o/report.html"), "\"time\":[{\"layer\":\"gather\""));
}

TEST(RunFolder, ThePageHasNormsAndRates) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "o", "train.norms=true"}).code, 0);
  const std::string page = program.Read("o/report.html");
  for (const char* part : {"\"learning_rate\":[", "\"parameters\":[\"0.weight\"",
                           "\"weight_norms\":[[", "\"gradient_norms\":[["}) {
    EXPECT_TRUE(Contains(page, part)) << part;
  }
}

TEST(RunFolder, HoldsALineForEveryEpoch) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "o", "train.epochs=3", "evaluate.every=2"}).code, 0);
  const std::vector<std::string> lines = Lines(program.Read("o/metrics.jsonl"));
  ASSERT_EQ(lines.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    const Json line = Json::parse(lines[i]);
    EXPECT_EQ(line["epoch"], i + 1);
    for (const char* key : {"train_loss", "train_accuracy", "seconds", "samples_per_second"}) {
      EXPECT_TRUE(line.contains(key)) << key;
    }
    // Evaluated after the second epoch and after the last.
    EXPECT_EQ(line.contains("test_loss"), i > 0);
    EXPECT_EQ(line.contains("test_accuracy"), i > 0);
  }
  EXPECT_EQ(Json::parse(lines[2])["test_accuracy"], Summary(program, "o")["test_accuracy"]);

  const std::vector<std::string> table = Lines(program.Read("o/metrics.csv"));
  ASSERT_EQ(table.size(), 4u);
  EXPECT_EQ(table[0],
            "epoch,train_loss,train_accuracy,test_loss,test_accuracy,learning_rate,seconds,samples_"
            "per_second");
  EXPECT_EQ(table[1].substr(0, 2), "1,");
  EXPECT_TRUE(Contains(table[1], ",,,")) << table[1];
}

TEST(RunFolder, ConfigIsAnExperimentThatGivesTheSameWeights) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  ASSERT_EQ(program.Run({"my.yaml", "--out", "a", "--seed", "7", "model.0.weight=he_normal"}).code,
            0);
  const Outcome again = program.Run({"a/config.yaml", "--out", "b"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(Hash(program, "a"), Hash(program, "b"));
  EXPECT_EQ(program.Read("a/config.yaml"), program.Read("b/config.yaml"));
  EXPECT_TRUE(Contains(program.Read("a/config.yaml"), "seed: 7\n"));
}

TEST(RunFolder, ConfigOfABundledExperimentResolvesToItself) {
  Program program;
  ASSERT_EQ(program.Run(Short("a")).code, 0);
  ASSERT_EQ(program.Run({"a/config.yaml", "--out", "b"}).code, 0);
  EXPECT_EQ(program.Read("a/config.yaml"), program.Read("b/config.yaml"));
  EXPECT_EQ(Hash(program, "a"), Hash(program, "b"));
  ASSERT_EQ(program.Run({"backprop_by_hand.yaml", "--out", "c"}).code, 0);
  ASSERT_EQ(program.Run({"c/config.yaml", "--out", "d"}).code, 0);
  EXPECT_EQ(program.Read("c/config.yaml"), program.Read("d/config.yaml"));
  EXPECT_EQ(Hash(program, "c"), Hash(program, "d"));
}

TEST(RunFolder, SeedAloneDecidesTheWeights) {
  Program program;
  ASSERT_EQ(program.Run(Short("a", {"--threads", "1"})).code, 0);
  ASSERT_EQ(program.Run(Short("b", {"--threads", "3"})).code, 0);
  ASSERT_EQ(program.Run(Short("c", {"--seed", "1"})).code, 0);
  ASSERT_EQ(program.Run(Short("d", {"seed=1"})).code, 0);
  EXPECT_EQ(Hash(program, "a"), Hash(program, "b"));
  EXPECT_NE(Hash(program, "a"), Hash(program, "c"));
  EXPECT_EQ(Hash(program, "c"), Hash(program, "d"));
  EXPECT_EQ(Summary(program, "b")["threads"], 3);
  program.environment["NABLA_SIMD"] = SimdNames().back();
  ASSERT_EQ(program.Run(Short("e")).code, 0);
  EXPECT_EQ(Summary(program, "e")["simd"], SimdNames().back());
  EXPECT_EQ(Hash(program, "a"), Hash(program, "e"));
}

TEST(RunFolder, IsNeverUsedTwice) {
  Program program;
  ASSERT_EQ(program.Run(Short("o")).code, 0);
  const std::string summary = program.Read("o/summary.json");
  const Outcome again = program.Run(Short("o"));
  EXPECT_EQ(again.code, 2);
  EXPECT_EQ(again.err, "error: the folder " + program.Path("o") +
                           " already holds a run; choose another --out, or give `run` "
                           "--resume to go on with this one\n");
  EXPECT_EQ(program.Read("o/summary.json"), summary);
}

TEST(RunFolder, ThatCannotBeMadeIsAFailure) {
  Program program;
  program.Write("file", "in the way");
  const Outcome run = program.Run(Short("file/o"));
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(Contains(run.err, "error: cannot create the run folder " + program.Path("file/o")))
      << run.err;
}

TEST(RunFolder, TellsOfARunThatDiverged) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Outcome run = program.Run({"my.yaml", "--out", "o", "optimizer.lr=1e30"});
  EXPECT_EQ(run.code, 3) << run.out << run.err;
  EXPECT_TRUE(Contains(run.err, "error: diverged: the loss is ")) << run.err;
  EXPECT_EQ(Summary(program, "o")["status"], "diverged");
  EXPECT_TRUE(program.Has("o/metrics.jsonl"));
}

TEST(RunFolder, HoldsTheMatricesOfMetrics) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const auto run = program.Run({"my.yaml", "--out", "o", "metrics=[confusion_matrix, per_class]"});
  ASSERT_EQ(run.code, 0) << run.err;
  const Json matrix = Json::parse(program.Read("o/confusion_matrix.json"));
  ASSERT_EQ(matrix["rows"].size(), 10u);
  ASSERT_EQ(matrix["columns"].size(), 10u);
  double rows = 0;
  for (const Json& row : matrix["values"]) {
    ASSERT_EQ(row.size(), 10u);
    for (const double count : row) rows += count;
  }
  const std::vector<std::string> lines = Lines(program.Read("o/confusion_matrix.csv"));
  ASSERT_EQ(lines.size(), 11u);
  EXPECT_EQ(lines[0], "confusion_matrix,0,1,2,3,4,5,6,7,8,9");
  EXPECT_GT(rows, 0);
  EXPECT_EQ(Lines(program.Read("o/per_class.csv")).size(), 11u);
}

// Names of classes may hold what separates cells.
TEST(RunFolder, QuotesNamesInTables) {
  Program program;
  program.Write("a.csv", "x,kind\n1,\"big, red\"\n2,\"a \"\"b\"\"\"\n3,plain\n4,\"big, red\"\n");
  program.Write("my.yaml",
                "name: a\ndataset: {name: csv, train: a.csv, test: a.csv, target: kind}\n"
                "model: [{name: linear, units: 3}]\nloss: cross_entropy\n"
                "metrics: [confusion_matrix]\noptimizer: {name: sgd, lr: 0.1}\n"
                "train: {epochs: 1}\n");
  const Outcome run = program.Run({"my.yaml", "--out", "o"});
  ASSERT_EQ(run.code, 0) << run.err;
  const std::vector<std::string> lines = Lines(program.Read("o/confusion_matrix.csv"));
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "confusion_matrix,\"a \"\"b\"\"\",\"big, red\",plain");
  EXPECT_TRUE(lines[2].starts_with("\"big, red\",")) << lines[2];
}

// What ends between the checkpoint of the last epoch and the summary leaves no summary.
TEST(RunFolder, HoldsTheMatricesOfARunResumedAtItsEnd) {
  Program program;
  program.Write("my.yaml", kSmallExperiment);
  const Words words = {"my.yaml", "--out", "o", "metrics=[confusion_matrix, per_class]"};
  ASSERT_EQ(program.Run(words).code, 0);
  const Json before = Summary(program, "o");
  ASSERT_EQ(before["matrices"].size(), 2u);
  const std::string matrix = program.Read("o/confusion_matrix.json");
  Words resumed = words;
  resumed.emplace_back("--resume");
  for (const bool kept : {true, false}) {
    std::filesystem::remove(program.Path("o/summary.json"));
    if (!kept) std::filesystem::remove(program.Path("o/confusion_matrix.json"));
    ASSERT_EQ(program.Run(resumed).code, 0);
    EXPECT_EQ(Summary(program, "o")["matrices"], before["matrices"]);
    EXPECT_EQ(program.Read("o/confusion_matrix.json"), matrix);
  }
}

// Files of short runs are not flushed, so a failure of power may leave empty ones.
TEST(RunFolder, TrainsAgainWhereAFileIsEmpty) {
  for (const char* file : {"config.yaml", "environment.json", "summary.json"}) {
    Program program;
    program.Write("my.yaml", kSmallExperiment);
    ASSERT_EQ(program.Run({"my.yaml", "--out", "o"}).code, 0);
    const std::string hash = Hash(program, "o");
    program.Write(std::string("o/") + file, "");
    const Outcome again = program.Run({"my.yaml", "--out", "o", "--resume"});
    EXPECT_EQ(again.code, 0) << file << again.err;
    EXPECT_EQ(Hash(program, "o"), hash) << file;
    EXPECT_NE(program.Read(std::string("o/") + file), "") << file;
  }
}

// The summary is flushed before the epochs are.
TEST(RunFolder, TrainsAgainWhereEpochsAreLost) {
  Program program;
  program.Write("my.yaml", std::string(kSmallExperiment));
  const Words sweep = {"my.yaml", "optimizer.lr=0.1,0.2", "train.epochs=3", "--out", "o"};
  ASSERT_EQ(program.Run(sweep).code, 0);
  const std::string metrics = "o/0.1/seed-0/metrics.jsonl";
  const std::vector<std::string> lines = Lines(program.Read(metrics));
  ASSERT_EQ(lines.size(), 3u);
  for (const std::string& lost : {std::string(), lines[0] + "\n"}) {
    program.Write(metrics, lost);
    const Outcome report = program.Run({"report", "o/0.1/seed-0"});
    EXPECT_EQ(report.code, 2);
    EXPECT_TRUE(Contains(report.err, " of the 3 epochs in summary.json")) << report.err;
    const Outcome again = program.Run(sweep);
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(Lines(program.Read(metrics)).size(), 3u);
  }
}

}  // namespace
}  // namespace nabla
