// `run compare` of a small net on iris.
#ifndef NABLA_TESTS_EXPERIMENTS_COMPARE_CASE_H_
#define NABLA_TESTS_EXPERIMENTS_COMPARE_CASE_H_

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/experiments/program.h"

namespace nabla {

using Json = nlohmann::ordered_json;

// Its folder has iris.yaml, an experiment of so many epochs.
class CompareCase : public testing::Test {
 protected:
  explicit CompareCase(int epochs)
      : iris_(R"(name: small_iris
dataset: iris
split: {test_fraction: 0.4, seed: 0}
standardise: true
model: [{name: linear, units: 3}]
loss: cross_entropy
optimizer: {name: sgd, lr: 0.05}
train: {batch_size: 15, epochs: )" +
              std::to_string(epochs) + "}\n") {
    program_.Write("iris.yaml", iris_);
  }

  Outcome Run(const Words& more) {
    Words words = {"compare"};
    words.insert(words.end(), more.begin(), more.end());
    return program_.Run(words);
  }
  // With --json.
  Json Result(Words more) {
    more.emplace_back("--json");
    const Outcome outcome = Run(more);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return Json::parse(outcome.out, nullptr, false);
  }

  const std::string iris_;  // iris.yaml
  Program program_;
};

}  // namespace nabla

#endif  // NABLA_TESTS_EXPERIMENTS_COMPARE_CASE_H_
