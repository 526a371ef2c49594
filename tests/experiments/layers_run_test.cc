// Small experiments with one layer each, trained as a user does (layers/*.yaml).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/experiments/program.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class LayersRunTest : public testing::Test {
 protected:
  LayersRunTest() {
    const fs::path folder = fs::path(std::getenv("TEST_SRCDIR")) / "nabla/tests/experiments/layers";
    for (const auto& entry : fs::directory_iterator(folder)) {
      std::ifstream in(entry.path());
      const std::string name = entry.path().filename();
      program_.Write(name, {std::istreambuf_iterator<char>(in), {}});
      names_.push_back(entry.path().stem());
    }
  }

  void Good(const Words& words) {
    const Outcome outcome = program_.Run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
  }

  Json SummaryOf(const std::string& run) const {
    return Json::parse(program_.Read(run + "/summary.json"));
  }

  // The training losses of the epochs.
  std::vector<double> Losses(const std::string& run) const {
    std::vector<double> losses;
    std::istringstream lines(program_.Read(run + "/metrics.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      losses.push_back(Json::parse(line)["train_loss"]);
    }
    return losses;
  }

  Program program_;
  std::vector<std::string> names_;
};

TEST_F(LayersRunTest, EachLearnsWithTheSameBitsOnAnyThreads) {
  EXPECT_EQ(names_.size(), 9u);
  for (const std::string& name : names_) {
    SCOPED_TRACE(name);
    Good({name + ".yaml", "--threads", "1", "--out", "alone", "--quiet"});
    Good({name + ".yaml", "--threads", "3", "--out", "three", "--quiet"});
    EXPECT_EQ(SummaryOf("alone")["weights_hash"], SummaryOf("three")["weights_hash"]);
    const std::vector<double> losses = Losses("alone");
    EXPECT_LT(losses.back(), 0.7 * losses.front());
    fs::remove_all(program_.Path("alone"));
    fs::remove_all(program_.Path("three"));
  }
}

TEST_F(LayersRunTest, EachGoesOnWhereItStopped) {
  for (const std::string& name : names_) {
    SCOPED_TRACE(name);
    const std::string file = name + ".yaml";
    Good({file, "train.epochs=2", "--out", "whole", "--quiet"});
    Good({file, "train.epochs=1", "--out", "parts", "--quiet"});
    Good({file, "train.epochs=2", "--out", "parts", "--resume", "--quiet"});
    EXPECT_EQ(SummaryOf("whole")["weights_hash"], SummaryOf("parts")["weights_hash"]);
    fs::remove_all(program_.Path("whole"));
    fs::remove_all(program_.Path("parts"));
  }
}

TEST_F(LayersRunTest, EachIsShownMeasuredAndExported) {
  for (const std::string& name : names_) {
    SCOPED_TRACE(name);
    Good({name + ".yaml", "train.epochs=1", "--out", "run", "--quiet"});
    for (const char* format : {"onnx", "npz", "c", "safetensors"}) {
      Good({"export", "run", "--format", format});
    }
    const Outcome summary = program_.Run({"summary", "run"});
    EXPECT_TRUE(Contains(summary.out, " " + name + " ")) << summary.out << summary.err;
    EXPECT_TRUE(Contains(program_.Read("run/report.html"), "\"" + name + "\""));
    const Outcome printed = program_.Run({name + ".yaml", "--print-config"});
    program_.Write("printed.yaml", printed.out);
    Good({"printed.yaml", "train.epochs=1", "--out", "again", "--quiet"});
    EXPECT_EQ(SummaryOf("run")["weights_hash"], SummaryOf("again")["weights_hash"]);
    fs::remove_all(program_.Path("run"));
    fs::remove_all(program_.Path("again"));
  }
}

TEST_F(LayersRunTest, WordsThatTheModelDoesNotKnowAreRefused) {
  Good({"embedding.yaml", "--out", "run", "--quiet"});
  Good({"export", "run", "--format", "safetensors", "--out", "model.safetensors"});
  program_.Write("words.csv", "6,5,2,0\n4,7,5,0\n");
  const Outcome said = program_.Run({"predict", "run", "words.csv", "--top", "1"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_TRUE(said.out.starts_with("0: class 1 ")) << said.out;
  EXPECT_TRUE(Contains(said.out, "1: class 0 ")) << said.out;
  EXPECT_EQ(program_.Run({"predict", "model.safetensors", "words.csv", "--top", "1"}).out,
            said.out);
  for (const auto& [words, what] : {std::pair("6,5,2,0\n6,8,1,0\n", "row 1 has 8 in column 1"),
                                    std::pair("6,5,0.5,0\n", "row 0 has 0.5 in column 2"),
                                    std::pair("-1,5,2,0\n", "row 0 has -1 in column 0")}) {
    program_.Write("words.csv", words);
    const Outcome refused = program_.Run({"predict", "run", "words.csv"});
    EXPECT_EQ(refused.code, 2) << refused.out;
    EXPECT_EQ(refused.err, std::string("words.csv: error: ") + what +
                               ", which is not an id: the model takes whole numbers from 0 to 7\n");
  }
  program_.Write("words.csv", "1,6,5,2,0\n0,6,9,1,0\n");
  const Outcome evaluated = program_.Run({"evaluate", "run", "words.csv"});
  EXPECT_EQ(evaluated.code, 2) << evaluated.out;
  EXPECT_TRUE(Contains(evaluated.err, "row 1 has 9 in column 1")) << evaluated.err;
}

}  // namespace
}  // namespace nabla
