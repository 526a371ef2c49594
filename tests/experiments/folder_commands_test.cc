// `run report`, `run runs`, `run diff` and `run rerun`.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kExperiment = R"(name: tiny
description: Names may hold </script> and "quotes".
dataset: {name: synthetic_digits, train: 300, test: 100}
model: [{name: linear, units: 10}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.1}
train: {batch_size: 20, epochs: 2}
)";

class FolderCommands : public testing::Test {
 protected:
  FolderCommands() {
    program_.Write("tiny.yaml", kExperiment);
    EXPECT_EQ(program_.Run({"tiny.yaml", "--out", "runs/a"}).code, 0);
    EXPECT_EQ(program_.Run({"tiny.yaml", "--out", "runs/b", "optimizer.lr=0.5"}).code, 0);
    EXPECT_EQ(
        program_.Run({"tiny.yaml", "--out", "runs/sub/c", "train.epochs=3", "--seed", "4"}).code,
        0);
  }

  std::vector<std::string> Found(const Words& more) {
    Words words = {"runs", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = program_.Run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::vector<std::string> folders;
    for (const Json& run : Json::parse(outcome.out)) folders.push_back(run["folder"]);
    return folders;
  }

  Program program_;
};

using Folders = std::vector<std::string>;

TEST_F(FolderCommands, RunsAreFilteredAndSorted) {
  EXPECT_EQ(Found({"--sort", "-path"}), (Folders{"a", "b", "sub/c"}));
  EXPECT_EQ(Found({"optimizer.lr=5e-1"}), Folders{"b"});
  EXPECT_EQ(Found({"seed>=1"}), Folders{"sub/c"});
  EXPECT_EQ(Found({"name=tiny", "train.epochs<3", "--sort", "path"}), (Folders{"b", "a"}));
  EXPECT_EQ(Found({"optimizer.name!=sgd"}), Folders{});
  EXPECT_EQ(Found({"test_loss>0"}).size(), 3u);
  EXPECT_EQ(Found({"--top", "1", "--sort", "-optimizer.lr"}).size(), 1u);
  const Outcome table = program_.Run({"runs"});
  EXPECT_TRUE(Contains(table.out, "sub/c")) << table.out;
}

TEST_F(FolderCommands, QuestionsThatMakeNoSense) {
  const auto expect = [this](const Words& words, const std::string& message) {
    const Outcome outcome = program_.Run(words);
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    EXPECT_TRUE(Contains(outcome.err, message)) << outcome.err;
  };
  expect({"runs", "optimizer.lt=3"}, "did you mean \"optimizer.lr\"");
  expect({"runs", "seed=>3"}, "\"seed=>3\" is not a condition");
  expect({"runs", "seed"}, "is not a condition");
  expect({"runs", "runs/sub"}, "--folder");
  expect({"runs", "lambda=3"}, "weights_hash, and every key of config.yaml\n");
  expect({"runs", "--folder", "nowhere"}, "no such folder");
  expect({"runs", "name='; DROP TABLE runs;--", "--sort", "'"}, "no run has a key");
  expect({"diff", "a"}, "folders");
  expect({"diff", "a", "nowhere"}, "nowhere: error: no such run folder");
  expect({"rerun", "nowhere"}, "no such run folder");
  std::filesystem::create_directory(program_.Path("empty"));
  expect({"report", "empty"}, "no run found");
}

TEST_F(FolderCommands, CountsAreFromOneOn) {
  EXPECT_EQ(program_.Run({"runs", "--top", "1"}).code, 0);
  for (const char* count : {"-1", "0", "1.5", "99999999999999999999"}) {
    const Outcome refused = program_.Run({"runs", "--top", count});
    EXPECT_EQ(refused.code, 2) << count << refused.out;
    EXPECT_TRUE(Contains(refused.err, "--top: ")) << refused.err;
    const Outcome steps = program_.Run({"why", "runs/a", "runs/b", "--steps", count});
    EXPECT_EQ(steps.code, 2) << count << steps.out;
    EXPECT_LT(steps.err.size(), 200U) << steps.err;
  }
}

TEST_F(FolderCommands, TheIndexFollowsTheFolders) {
  ASSERT_EQ(Found({}).size(), 3u);
  std::filesystem::remove_all(program_.Path("runs/b"));
  ASSERT_EQ(program_.Run({"tiny.yaml", "--out", "runs/d"}).code, 0);
  EXPECT_EQ(Found({"--sort", "-path"}), (Folders{"a", "d", "sub/c"}));
  // Whatever is in it can be had again.
  std::filesystem::remove(program_.Path("runs/runs.db"));
  EXPECT_EQ(Found({"--sort", "-path"}), (Folders{"a", "d", "sub/c"}));
  // A folder that no run wrote is none.
  std::filesystem::create_directory(program_.Path("runs/e"));
  program_.Write("runs/e/summary.json", "{\"name\": 3}");
  EXPECT_EQ(Found({}).size(), 3u);
}

// Reading thousands of folders takes seconds.
TEST_F(FolderCommands, AFolderIsReadOnce) {
  EXPECT_EQ(Found({"optimizer.lr=0.1"}).size(), 2u);
  program_.Write("runs/a/config.yaml", "optimizer: {lr: 7}\n");
  EXPECT_EQ(Found({"optimizer.lr=0.1"}).size(), 2u);
  // Until its summary changes.
  program_.Write("runs/a/summary.json", program_.Read("runs/a/summary.json"));
  EXPECT_EQ(Found({"optimizer.lr=7"}), Folders{"a"});
}

TEST_F(FolderCommands, DiffShowsWhatDiffers) {
  const Outcome outcome = program_.Run({"diff", "a", "runs/b"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.out, "config:\n  optimizer.lr  0.1  0.5\n")) << outcome.out;
  EXPECT_TRUE(Contains(outcome.out, "weights_hash")) << outcome.out;
  const Outcome same = program_.Run({"diff", "a", "a"});
  EXPECT_TRUE(Contains(same.out, "config: the same\nresult: the same\nenvironment: the same\n"))
      << same.out;
}

TEST_F(FolderCommands, RerunTellsWhetherTheBitsAreTheSame) {
  const Outcome same = program_.Run({"rerun", "a", "--threads", "3"});
  EXPECT_EQ(same.code, 0) << same.err;
  EXPECT_TRUE(Contains(same.out, "bit-identical: weights ")) << same.out;
  EXPECT_FALSE(Contains(same.out, "NOT")) << same.out;
  std::string summary = program_.Read("runs/a/summary.json");
  const std::string hash = Json::parse(summary)["weights_hash"];
  summary.replace(summary.find(hash), 4, "0000");
  program_.Write("runs/a/summary.json", summary);
  const Outcome other = program_.Run({"rerun", "a", "--quiet"});
  EXPECT_EQ(other.code, 1);
  EXPECT_TRUE(Contains(other.out, "NOT bit-identical: weights 0000")) << other.out;
}

TEST_F(FolderCommands, ReportsAreOnePage) {
  const std::string single = program_.Read("runs/a/report.html");
  EXPECT_TRUE(Contains(single, "<title>tiny")) << single.substr(0, 400);
  EXPECT_FALSE(Contains(single, "hold </script>"));
  for (const char* folder : {"runs/a/", "runs/a/."}) {
    const Outcome slash = program_.Run({"report", folder, "--out", "slash.html"});
    EXPECT_TRUE(Contains(slash.out, "\n  1  a ")) << slash.out;
  }
  ASSERT_EQ(program_.Run({"report", "a", "b"}).code, 0);
  EXPECT_TRUE(program_.Has("report.html"));
  EXPECT_EQ(program_.Read("runs/a/report.html"), single);
  ASSERT_EQ(program_.Run({"report", "a", "b", "sub/c", "--out", "all.html"}).code, 0);
  const std::string page = program_.Read("all.html");
  // What differs names them, and has a column.
  for (const char* label :
       {"optimizer.lr=0.1, train.epochs=2, seed 0", "optimizer.lr=0.5, train.epochs=2, seed 0",
        "optimizer.lr=0.1, train.epochs=3, seed 4", "data-first=\"ascending\">optimizer.lr</th>",
        "\"keys\":[\"optimizer.lr\",\"train.epochs\"]"}) {
    EXPECT_TRUE(Contains(page, label)) << label;
  }
  // Settings of the same name in two folders, and another experiment.
  for (const char* out : {"runs/x", "runs/y"}) {
    ASSERT_EQ(program_.Run({"tiny.yaml", "optimizer.lr=0.1,0.2", "--out", out}).code, 0);
  }
  ASSERT_EQ(program_.Run({"tiny.yaml", "name=other", "--out", "runs/z"}).code, 0);
  ASSERT_EQ(program_.Run({"report", "x", "y", "--out", "two.html"}).code, 0);
  EXPECT_TRUE(Contains(program_.Read("two.html"), "\"x/0.1\"")) << program_.Read("two.html");
  ASSERT_EQ(program_.Run({"report", "a", "z", "--out", "two.html"}).code, 0);
  EXPECT_TRUE(Contains(program_.Read("two.html"), "\"other, seed 0\""));
  for (const char* out : {"x", "y", "z"}) std::filesystem::remove_all(program_.Path("runs/") + out);
  const Outcome whole = program_.Run({"report", "runs"});
  EXPECT_TRUE(Contains(whole.out, "3 runs; wrote ")) << whole.out << whole.err;
  EXPECT_FALSE(Contains(program_.Run({"report", "."}).out, "//report.html"));
  EXPECT_EQ(program_.Run({"report", "runs", "--quiet"}).out, "");
  EXPECT_TRUE(program_.Has("runs/report.html"));
}

TEST_F(FolderCommands, NumbersAndTextDoNotCompare) {
  for (const std::string condition : {"test_accuracy>abc", "test_accuracy!=abc", "test_loss<nan",
                                      "epochs=two", "optimizer.lr=x"}) {
    const Outcome run = program_.Run({"runs", condition});
    EXPECT_EQ(run.code, 2) << condition;
    EXPECT_TRUE(Contains(run.err, " is a number in every run, but \"")) << run.err;
  }
  const Outcome text = program_.Run({"runs", "optimizer.name<3"});
  EXPECT_EQ(text.code, 2);
  EXPECT_TRUE(Contains(text.err, "optimizer.name is text in every run, but \"3\" is a number"));
  // Text stays text where it looks like a number.
  EXPECT_EQ(Found({"name>1"}).size(), 3u);
  EXPECT_EQ(Found({"started>2020"}).size(), 3u);
  EXPECT_EQ(Found({"weights_hash=12"}).size(), 0u);
  // A name of digits alone, beside others.
  program_.Write("digits.yaml", std::string(kExperiment).replace(6, 4, "1234"));
  ASSERT_EQ(program_.Run({"digits.yaml", "--out", "runs/d"}).code, 0);
  EXPECT_EQ(Found({"name=1234"}), Folders{"d"});
}

}  // namespace
}  // namespace nabla
