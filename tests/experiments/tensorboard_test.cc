// Events for TensorBoard, decoded by protoc.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/experiments/program.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kEvents = "/events.out.tfevents.nabla";

// Scalars by tag, of the events of one step; steps in the order of the file.
using Steps = std::vector<std::pair<int64_t, std::map<std::string, double>>>;

// Of a record as oracle.py prints it.
std::string Decode(const Program& program, const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  program.Write("record", bytes);
  const std::string folder = std::string(std::getenv("TEST_SRCDIR")) + "/nabla/tests/experiments";
  return Shell("protoc --decode Event < " + program.Path("record") + " -I " + folder + " " +
               folder + "/events.proto");
}

Steps Events(const Program& program, const std::string& run) {
  Steps steps;
  std::istringstream records(Oracle({"read_records", program.Path(run) + kEvents}));
  for (std::string record; records >> record;) {
    std::istringstream text(Decode(program, record));
    std::string tag;
    for (std::string word; text >> word;) {
      if (word == "step:") {
        int64_t step = 0;
        text >> step;
        steps.push_back({step, {}});
      } else if (word == "tag:") {
        text >> tag;
      } else if (word == "simple_value:") {
        std::string value;  // streams do not read "nan"
        text >> value;
        steps.back().second[tag.substr(1, tag.size() - 2)] = std::strtod(value.c_str(), nullptr);
      } else if (word == "file_version:") {
        text >> word;
        EXPECT_EQ(word, "\"brain.Event:2\"");
        EXPECT_TRUE(steps.empty());
      }
    }
  }
  return steps;
}

std::vector<Json> Epochs(const Program& program, const std::string& run) {
  std::istringstream lines(program.Read(run + "/metrics.jsonl"));
  std::vector<Json> epochs;
  for (std::string line; std::getline(lines, line);) epochs.push_back(Json::parse(line));
  return epochs;
}

void ExpectMetrics(const Steps& steps, const std::vector<Json>& epochs) {
  ASSERT_EQ(steps.size(), epochs.size());
  const std::map<std::string, std::string> keys = {{"train/loss", "train_loss"},
                                                   {"train/accuracy", "train_accuracy"},
                                                   {"test/loss", "test_loss"},
                                                   {"test/accuracy", "test_accuracy"},
                                                   {"samples_per_second", "samples_per_second"}};
  for (size_t i = 0; i < epochs.size(); ++i) {
    const auto& [step, scalars] = steps[i];
    EXPECT_EQ(step, epochs[i]["epoch"]);
    for (const auto& [tag, key] : keys) {
      ASSERT_EQ(scalars.contains(tag), epochs[i].contains(key)) << tag;
      if (!scalars.contains(tag)) continue;
      const double value = epochs[i][key];
      EXPECT_NEAR(scalars.at(tag), value, 1e-6 * value) << tag;
    }
  }
}

TEST(TensorboardTest, HoldsEveryEpoch) {
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  const Outcome run = program.Run({"small.yaml", "--out", "run", "--tensorboard", "train.epochs=4",
                                   "evaluate.every=2", "schedule={name: step, step_size: 40}"});
  ASSERT_EQ(run.code, 0) << run.err;
  const Steps steps = Events(program, "run");
  ExpectMetrics(steps, Epochs(program, "run"));
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_FALSE(steps[0].second.contains("test/loss"));
  EXPECT_TRUE(steps[1].second.contains("test/loss"));
  // Of the last of 20 steps each.
  for (const auto& [step, scalars] : steps) {
    EXPECT_FLOAT_EQ(scalars.at("learning_rate"), step < 3 ? 0.1 : 0.01);
  }
  ASSERT_EQ(program.Run({"small.yaml", "--out", "other"}).code, 0);
  EXPECT_FALSE(program.Has("other" + std::string(kEvents)));
}

TEST(TensorboardTest, AResumedRunWritesNoEpochTwice) {
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  const Words words = {"small.yaml",
                       "--out",
                       "run",
                       "--tensorboard",
                       "train.epochs=300",
                       "evaluate.every=3",
                       "schedule={name: step, step_size: 2000}"};
  program.Start(words);
  program.WaitFor("epoch   3/");
  program.Signal(SIGTERM);
  ASSERT_EQ(program.Finish().code, 143);
  const size_t before = Events(program, "run").size();
  EXPECT_GE(before, 3u);
  Words more = words;
  more.push_back("--resume");
  const Outcome resumed = program.Run(more);
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  const Steps steps = Events(program, "run");
  ExpectMetrics(steps, Epochs(program, "run"));
  for (const auto& [step, scalars] : steps) {
    EXPECT_NEAR(scalars.at("learning_rate") * std::pow(10, (step - 1) / 100), 0.1, 1e-7);
  }
}

TEST(TensorboardTest, EveryRunOfASweepHasItsOwn) {
  Program program;
  program.Write("small.yaml", kSmallExperiment);
  const Outcome sweep = program.Run({"small.yaml", "--out", "sweep", "--tensorboard",
                                     "optimizer.lr=0.1,0.2", "--seeds", "1", "--quiet"});
  ASSERT_EQ(sweep.code, 0) << sweep.err;
  const std::string found =
      Shell("cd " + program.Path("sweep") + " && find . -name '*tfevents*' | wc -l");
  EXPECT_EQ(std::stoi(found), 2);
}

}  // namespace
}  // namespace nabla
