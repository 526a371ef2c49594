// `predict` and `evaluate` of several files.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

std::string Rows(int from, int to) {
  std::string text = "x,y,kind\n";
  for (int r = from; r < to; ++r) {
    text += std::to_string(r % 9) + "," + std::to_string(r % 7) + (r % 9 > 4 ? ",up\n" : ",down\n");
  }
  return text;
}

class ModelFilesTest : public testing::Test {
 protected:
  ModelFilesTest() {
    program_.Write("a.csv", Rows(0, 60));
    program_.Write("net.yaml",
                   "name: net\ndataset: {name: csv, train: a.csv, target: kind}\nmodel: [{name: "
                   "linear, units: 2}]\nloss: cross_entropy\nmetrics: [confusion_matrix]\n"
                   "standardise: true\noptimizer: {name: adam, lr: 0.1}\ntrain: {epochs: 3}\n");
    EXPECT_EQ(program_.Run({"net.yaml", "--quiet", "--out", "o"}).code, 0);
    program_.Write("d/one.csv", "x,y\n8,1\n");
    program_.Write("d/two.csv", "x,y\n0,1\n7,2\n");
    program_.Write("d/bad.csv", "x,y\n0,much\n");
  }
  Outcome Command(const std::string& command, Words files) {
    files.insert(files.begin(), {command, "o"});
    return program_.Run(files);
  }

  Program program_;
};

TEST_F(ModelFilesTest, OneBadFileDoesNotKeepTheOthersFromBeingPredicted) {
  const Words files = {"d/bad.csv", "d/one.csv", "d/none.csv", "d/two.csv"};
  const Outcome some = Command("predict", files);
  EXPECT_EQ(some.code, 1);
  EXPECT_TRUE(Contains(some.out, "d/one.csv: class up")) << some.out;
  EXPECT_TRUE(Contains(some.out, "d/two.csv, row 0: class down")) << some.out;
  EXPECT_TRUE(Contains(some.err, "d/bad.csv:2:3: error: expected a number, found \"much\"\n"));
  EXPECT_TRUE(Contains(some.err, "d/none.csv: error: no such file\n")) << some.err;
  EXPECT_TRUE(Contains(some.err, "error: 2 of 4 files could not be predicted\n")) << some.err;
  Words json = files;
  json.push_back("--json");
  const Outcome parsed = Command("predict", json);
  EXPECT_EQ(parsed.code, 1);
  const Json rows = Json::parse(parsed.out);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].at("file"), "d/one.csv");
  EXPECT_EQ(rows[2].at("row"), 1);
  const Outcome none = Command("predict", {"d/bad.csv", "d/none.csv", "--json"});
  EXPECT_EQ(none.code, 2);
  EXPECT_EQ(none.out, "");
  const Outcome one = Command("predict", {"d/bad.csv"});
  EXPECT_EQ(one.code, 2);
  EXPECT_FALSE(Contains(one.err, "could not be predicted")) << one.err;
  const Outcome good = Command("predict", {"d/one.csv", "d/two.csv"});
  EXPECT_EQ(good.code, 0);
  EXPECT_EQ(good.out, some.out);
}

TEST_F(ModelFilesTest, SeveralFilesAreEvaluatedAsOneTable) {
  program_.Write("e/all.csv", Rows(60, 100));
  const Json whole = Json::parse(Command("evaluate", {"e/all.csv", "--json"}).out);
  program_.Write("p/1.csv", Rows(60, 73));
  program_.Write("p/2.csv", Rows(73, 74));
  program_.Write("p/3.tsv", "kind\ty\tx\n");
  program_.Write("p/x.txt", "not a table");
  std::string tabs = Rows(74, 100);
  for (char& c : tabs) c = c == ',' ? '\t' : c;
  program_.Write("p/3.tsv", tabs);
  const Words ways[] = {
      {"p/1.csv", "p/2.csv", "p/3.tsv"}, {"p"}, {"p/*sv"}, {"p/[12].csv", "p/3.tsv"}};
  for (const Words& files : ways) {
    Words words = files;
    words.push_back("--json");
    const Outcome outcome = Command("evaluate", words);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const Json parts = Json::parse(outcome.out);
    EXPECT_EQ(parts.at("rows"), 40);
    EXPECT_EQ(parts.at("loss"), whole.at("loss"));
    EXPECT_EQ(parts.at("metrics"), whole.at("metrics"));
    EXPECT_EQ(parts.at("data"), Json::parse(R"(["p/1.csv", "p/2.csv", "p/3.tsv"])"));
  }
  EXPECT_EQ(whole.at("data"), "e/all.csv");
  EXPECT_TRUE(
      Contains(Command("evaluate", {"p/1.csv", "p/2.csv"}).out, "14 rows of p/1.csv, p/2.csv\n"));
  const Outcome twice = Command("evaluate", {"p/1.csv", "p/*.csv"});
  EXPECT_EQ(twice.code, 0);
  EXPECT_TRUE(
      Contains(twice.err, "p/1.csv: warning: the file is named twice: its rows count twice"))
      << twice.err;
  program_.Write("q/1.csv", "x,y,kind\n1,2,sideways\n");
  const Outcome word = Command("evaluate", {"p/1.csv", "q/1.csv"});
  EXPECT_EQ(word.code, 2);
  EXPECT_TRUE(Contains(word.err, "q/1.csv:2:5: error: ")) << word.err;
  EXPECT_TRUE(Contains(Command("evaluate", {"r/*.csv"}).err, "no file matches r/*.csv"));
  EXPECT_EQ(Command("evaluate", {"r/*.csv"}).code, 2);
  EXPECT_EQ(Command("evaluate", {"p/1.csv", "p/4.csv"}).code, 2);
}

// Patterns are those of a shell, and training takes them too.
TEST_F(ModelFilesTest, PatternsNameTrainingFiles) {
  program_.Write("t/a1.csv", Rows(0, 20));
  program_.Write("t/a2.csv", Rows(20, 40));
  program_.Write("t/b.csv", Rows(40, 60));
  program_.Write("t/.hidden.csv", "damaged");
  const auto hash = [&](const std::string& train) {
    const Outcome run =
        program_.Run({"net.yaml", "--quiet", "--out", "h", "dataset.train=" + train});
    EXPECT_EQ(run.code, 0) << run.err;
    const std::string found = Json::parse(program_.Read("h/summary.json")).at("weights_hash");
    EXPECT_EQ(
        program_.Run({"net.yaml", "--quiet", "--out", "h", "--resume", "dataset.train=" + train})
            .code,
        0);
    std::filesystem::remove_all(program_.Path("h"));
    return found;
  };
  const std::string all = hash("a.csv");
  EXPECT_EQ(hash("'t/*.csv'"), all);
  EXPECT_EQ(hash("['t/a?.csv', t/b.csv]"), all);
  EXPECT_EQ(hash("'[st]/[ab]*.csv'"), all);
  EXPECT_EQ(hash("t"), all);
  const Outcome none = program_.Run({"net.yaml", "dataset.train='u/*.csv'"});
  EXPECT_EQ(none.code, 2);
  EXPECT_TRUE(Contains(none.err, "no file matches u/*.csv")) << none.err;
}

// Which of both classes a single output speaks of.
TEST_F(ModelFilesTest, TheHeaderOfASingleOutputNamesItsClass) {
  for (const auto& [more, said] :
       {std::pair{"bce_with_logits",
                  "y (1): what the last layer computes; the larger, the more "
                  "class 1, \"up\", than class 0"},
        {"bce", "y (1): the probability of class 1, \"up\", not of class 0"}}) {
    const std::string last = std::string(more) == "bce" ? ", sigmoid" : "";
    ASSERT_EQ(program_
                  .Run({"net.yaml", "--quiet", "--out", more, "loss=" + std::string(more),
                        "model=[{name: linear, units: 1}" + last + "]"})
                  .code,
              0);
    ASSERT_EQ(program_.Run({"export", more, "--format", "c", "--out", "m.h"}).code, 0);
    EXPECT_TRUE(Contains(program_.Read("m.h"), said)) << program_.Read("m.h").substr(0, 900);
    EXPECT_FALSE(Contains(program_.Read("m.h"), "each class"));
    EXPECT_FALSE(Contains(program_.Read("m.h"), "their probabilities"));
  }
}

}  // namespace
}  // namespace nabla
