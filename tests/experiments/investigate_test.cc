// `run investigate` on small experiments of synthetic digits with a mistake in them.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kExperiment = R"(name: tiny
# The rows are drawn anew.
dataset: {name: synthetic_digits, train: 200, test: 50}
model: [{name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}  # as the notebook's code says
train: {batch_size: 20, epochs: 4}
evaluate: {split: none}
)";

// Writes tiny.yaml, whose printed losses come from a run that differs from it by `changes`.
void Plant(Program& program, const Words& changes, const std::string& more = "",
           const std::string& seed = "1000") {
  program.Write("true.yaml", kExperiment);
  Words words = {"true.yaml", "--seed", seed, "--out", seed, "--quiet"};
  words.insert(words.end(), changes.begin(), changes.end());
  const Outcome run = program.Run(words);
  EXPECT_EQ(run.code, 0) << run.err;
  std::string losses;
  std::istringstream lines(program.Read(seed + "/metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    losses += (losses.empty() ? "" : ", ") +
              std::to_string(Json::parse(line)["train_loss"].get<double>());
  }
  program.Write("tiny.yaml", kExperiment + ("reference:\n  - {metric: train_loss, epochs: 1..4, "
                                            "printed: [" +
                                            losses + "]}\n" + more));
}

// Whether one of the hypotheses that fit sets the path to the value.
bool Fits(const Json& result, const std::string& path, const std::string& value) {
  for (const Json& one : result["hypotheses"]) {
    if (one.value("fits", false) && one["settings"].value(path, "") == value) return true;
  }
  return false;
}

Json Investigated(Program& program, const Words& more = {}) {
  Words words = {"investigate", "tiny.yaml", "--json", "--budget", "30s"};
  words.insert(words.end(), more.begin(), more.end());
  const Outcome run = program.Run(words);
  EXPECT_EQ(run.code, 0) << run.err;
  return run.code == 0 ? Json::parse(run.out) : Json();
}

// The losses of the planted notebook are claimed to the digit.
void MakeExact(Program& program) {
  std::string exact = program.Read("tiny.yaml");
  exact.replace(exact.find("{metric: train_loss"), 1, "{exact: true, ");
  program.Write("tiny.yaml", exact);
}

TEST(Investigate, FindsAWrongRateAndWritesTheFile) {
  Program program;
  Plant(program, {"optimizer.lr=0.5"});
  const Json result = Investigated(program, {"--write", "found.yaml"});
  EXPECT_EQ(result["as_written"]["fits"], false);
  EXPECT_LT(result["as_written"]["p"], 0.06);
  EXPECT_TRUE(Fits(result, "optimizer.lr", "0.5")) << result.dump(1);
  EXPECT_GT(result["tried"], 80);
  const std::string& best = result["hypotheses"][0]["name"].get_ref<const std::string&>();
  const std::string found = program.Read("found.yaml");
  EXPECT_TRUE(Contains(found, "# The rows are drawn anew.")) << found;
  if (best == "optimizer.lr = 0.5") {
    EXPECT_TRUE(Contains(found, "lr: 0.5}  # as the notebook's code says")) << found;
  }
  EXPECT_EQ(program.Run({"found.yaml", "--print-config"}).code, 0);
}

// An odd number fits as well as the one that people choose: that one stands first.
TEST(Investigate, PutsTheSimplestFirstAndWritesAPage) {
  Program program;
  Plant(program, {"optimizer.lr=0.5"});
  const Json result = Investigated(program, {"--page", "page.html"});
  const std::string& best = result["hypotheses"][0]["name"].get_ref<const std::string&>();
  EXPECT_FALSE(Contains(best, " and ")) << best;
  const std::string page = program.Read("page.html");
  EXPECT_TRUE(Contains(page, "fits: " + best)) << page;
  EXPECT_TRUE(Contains(page, "optimizer.lr = 0.5</th><td>yes</td>")) << page;
  EXPECT_FALSE(Contains(page, "{{")) << page;
}

// The digits follow from the seed alone.
TEST(Investigate, FindsTheSeedOfExactDigits) {
  Program program;
  Plant(program, {"rng=torch"}, "rng: numpy\n", "1337");
  MakeExact(program);
  const Json result = Investigated(program, {"--write", "found.yaml"});
  EXPECT_EQ(result["exact_digits"]["as_written"], false);
  EXPECT_EQ(result["exact_digits"]["agree"], Json::array({"seed = 1337, rng = torch"}));
  EXPECT_TRUE(Contains(program.Read("found.yaml"), "seed: 1337"));
}

// Many rates fit as draws go; the digits under the file's own seed are those of one.
TEST(Investigate, FindsWhatGivesExactDigits) {
  Program program;
  Plant(program, {"optimizer.lr=0.2"}, "", "0");
  MakeExact(program);
  const Json result = Investigated(program, {"--write", "found.yaml"});
  EXPECT_EQ(result["exact_digits"]["as_written"], false);
  EXPECT_EQ(result["exact_digits"]["agree"], Json::array({"optimizer.lr = 0.2"}));
  EXPECT_EQ(result["hypotheses"][0]["name"], "optimizer.lr = 0.2");
  EXPECT_TRUE(Contains(program.Read("found.yaml"), "lr: 0.2}"));
}

TEST(Investigate, TellsExecutionsApart) {
  Program program;
  Plant(program, {});
  const std::string first = program.Read("tiny.yaml");
  Plant(program, {}, "", "4321");
  const std::string second = program.Read("tiny.yaml");
  program.Write("tiny.yaml", first + second.substr(second.find("  - {metric")));
  const Json result = Investigated(program);
  EXPECT_EQ(result["as_written"]["fits"], false) << result["as_written"];
  EXPECT_TRUE(Fits(result, "reference.1.list", "execution 2")) << result.dump(1);
}

TEST(Investigate, FindsTwoMistakesAtOnce) {
  Program program;
  program.Write("true.yaml", kExperiment);
  const Outcome run =
      program.Run({"true.yaml", "loss.label_smoothing=0.2", "train.batch_size=5",
                   "evaluate.split=both", "--seed", "1000", "--out", "true", "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
  std::string tiny = std::string(kExperiment) + "reference:\n";
  tiny.replace(tiny.find("{split: none}"), 13, "{split: both}");
  for (const char* metric : {"train_loss", "test_loss", "test_accuracy"}) {
    tiny += std::string("  - {metric: ") + metric + ", epochs: 1..4, printed: [";
    std::istringstream lines(program.Read("true/metrics.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      tiny += std::to_string(Json::parse(line)[metric].get<double>()) + ", ";
    }
    tiny.replace(tiny.size() - 2, 2, "]}\n");
  }
  program.Write("tiny.yaml", tiny);
  const Json result = Investigated(program);
  bool found = false;
  for (const Json& one : result["hypotheses"]) {
    found = found || (one.value("fits", false) && one["settings"].contains("train.batch_size") &&
                      one["settings"].value("loss.label_smoothing", "") == "0.2");
  }
  EXPECT_TRUE(found) << result.dump(1);
}

TEST(Investigate, SaysThatWhatIsRightIsReproduced) {
  Program program;
  Plant(program, {});
  const Outcome run = program.Run({"investigate", "tiny.yaml", "--budget", "30"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "as written: reproduced (p = ")) << run.out;
}

// Others fit too, which is no reason to take one of them. A short key stands for its whole one.
TEST(Investigate, WritesNothingElseWhereTheFileFits) {
  Program program;
  Plant(program, {});
  const Outcome run = program.Run(
      {"investigate", "tiny.yaml", "lr=0.1", "--budget", "10", "--write", "found.yaml"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "the file fits as it is; so do: ")) << run.out;
  EXPECT_TRUE(Contains(run.err, "not written: ")) << run.err;
  EXPECT_TRUE(Contains(run.err, "since the file fits as it is")) << run.err;
  EXPECT_FALSE(program.Has("found.yaml"));
}

TEST(Investigate, ShortKeysKeepTheComments) {
  Program program;
  Plant(program, {"optimizer.lr=0.5"});
  const Outcome run = program.Run(
      {"investigate", "tiny.yaml", "lr=0.07", "--budget", "20", "--write", "found.yaml"});
  ASSERT_EQ(run.code, 0) << run.err;
  const std::string found = program.Read("found.yaml");
  EXPECT_TRUE(Contains(found, "# The rows are drawn anew.")) << found << run.out;
  EXPECT_TRUE(Contains(found, "# as the notebook's code says")) << found;
}

// The printed train_loss is that of the test rows: two hypotheses say so, each by its whole name.
TEST(Investigate, NamesAreWhole) {
  Program program;
  std::string tiny = kExperiment;
  tiny.replace(tiny.find("{split: none}"), 13, "{split: test}");
  program.Write("true.yaml", tiny);
  ASSERT_EQ(program.Run({"true.yaml", "--seed", "1000", "--out", "true", "--quiet"}).code, 0);
  std::string losses;
  std::istringstream lines(program.Read("true/metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    losses +=
        (losses.empty() ? "" : ", ") + std::to_string(Json::parse(line)["test_loss"].get<double>());
  }
  program.Write("tiny.yaml",
                tiny + "reference:\n  - {metric: train_loss, epochs: 1..4, printed: [" + losses +
                    "]}\ninvestigate:\n  without: [rate, batch, weights, loss, inputs, optimizer, "
                    "activation, units, bias, order, data, rows, epochs, penalty, gradient, "
                    "average, printed loss, dtype]\n");
  const Outcome run = program.Run({"investigate", "tiny.yaml", "--budget", "10"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "train_loss is test_loss (p = ")) << run.out;
  EXPECT_TRUE(Contains(run.out, "train_loss is test_loss, with evaluate.split = test (p = "))
      << run.out;
}

TEST(Investigate, TakesTheFilesOwnHypothesesAndLeavesOutOthers) {
  Program program;
  Plant(program, {"train.batch_size=7"},
        "investigate:\n  grid: {train.batch_size: [7, 8]}\n"
        "  without: [batch, rate, weights, loss, inputs, optimizer, activation]\n");
  const Json result = Investigated(program);
  EXPECT_TRUE(Fits(result, "train.batch_size", "7")) << result.dump(1);
  for (const Json& one : result["hypotheses"]) {
    EXPECT_NE(one["family"], "rate");
    EXPECT_NE(one["name"], "train.batch_size = 32");
  }
}

TEST(Investigate, RefusesWhatCannotBeInvestigated) {
  Program program;
  Plant(program, {});
  const auto fails = [&](const Words& words, const std::string& message) {
    const Outcome run = program.Run(words);
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_TRUE(Contains(run.err, message)) << run.err;
  };
  fails({"investigate", "true.yaml"}, "tiny has nothing to explain: \"reference\" is missing");
  program.Write("rows.yaml",
                kExperiment + std::string("reference:\n  - {metric: initial_loss, rows: "
                                          "1000, printed: 2.3}\n"));
  fails({"investigate", "rows.yaml"}, "it is of 1000 rows, and there are only 200 to train on");
  fails({"investigate", "tiny.yaml", "--write", "true.yaml"},
        "true.yaml: error: this file exists already");
  fails({"investigate", "tiny.yaml", "--page", "true.yaml"},
        "true.yaml: error: this file exists already");
  fails({"investigate", "tiny.yaml", "--budget", "soon"}, "budget");
  fails({"investigate", "tiny.yaml", "investigate={without: [rates]}"}, "did you mean \"rate\"");
  fails({"investigate", "tiny.yaml", "investigate={grid: {seed: 3}}"},
        "expected a list of values to try, found '3'");
  fails({"investigate", "tiny.yaml", "investigate={grid: {train.epoch: [3]}}"},
        "unknown key \"epoch\"");
  fails({"investigate", "tiny.yaml", "train.epochs=3,4"}, "investigate");
}

TEST(Investigate, ASignalEndsTheSearchWithWhatItKnows) {
  Program program;
  Plant(program, {"optimizer.lr=0.5"});
  program.Start({"investigate", "tiny.yaml", "train.epochs=3000", "--budget", "1h"});
  program.WaitFor("hypotheses, ");
  const auto start = std::chrono::steady_clock::now();
  program.Signal(SIGINT);
  const Outcome run = program.Finish();
  EXPECT_EQ(run.code, 130) << run.err;
  // Two seconds, and what a busy machine and a sanitizer add.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_TRUE(Contains(run.out, "the search ended early")) << run.out;
}

TEST(Investigate, KeepsItsBudget) {
  Program program;
  Plant(program, {"optimizer.lr=0.5"});
  const auto start = std::chrono::steady_clock::now();
  const Outcome run =
      program.Run({"investigate", "tiny.yaml", "dataset.train=20000", "--budget", "2"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
  EXPECT_TRUE(Contains(run.out, "as written: ")) << run.out;
}

}  // namespace
}  // namespace nabla
