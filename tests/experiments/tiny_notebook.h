// A small experiment of synthetic digits with figures as a notebook prints them, for tests of
// `run reproduce`.
#ifndef NABLA_TESTS_EXPERIMENTS_TINY_NOTEBOOK_H_
#define NABLA_TESTS_EXPERIMENTS_TINY_NOTEBOOK_H_
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {

using Json = nlohmann::json;

inline constexpr const char* kExperiment = R"(name: tiny
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
inline std::string TrueReference(Program& program, const std::string& list) {
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
inline Outcome Reproduce(Program& program, const std::string& references, const Words& more = {},
                         const std::string& seeds = "12") {
  program.Write("tiny.yaml", kExperiment + ("reference:\n" + references));
  Words words = {"reproduce", "tiny.yaml", "reproduce.power=false", "--seeds", seeds, "--out", "o"};
  words.insert(words.end(), more.begin(), more.end());
  return program.Run(words);
}

inline Json Result(const Program& program) {
  return Json::parse(program.Read("o/reproduction.json"))["experiments"][0];
}

}  // namespace nabla
#endif  // NABLA_TESTS_EXPERIMENTS_TINY_NOTEBOOK_H_
