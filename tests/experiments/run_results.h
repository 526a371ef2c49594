// What runs leave in their folders, as tests compare it.
#ifndef NABLA_TESTS_EXPERIMENTS_RUN_RESULTS_H_
#define NABLA_TESTS_EXPERIMENTS_RUN_RESULTS_H_

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/experiments/program.h"

namespace nabla {

inline std::string WeightsHash(const Program& program, const std::string& folder) {
  return nlohmann::json::parse(program.Read(folder + "/summary.json"))["weights_hash"];
}

// The lines of metrics.jsonl without what a clock decides.
inline std::vector<nlohmann::json> EpochsIn(const Program& program, const std::string& folder) {
  std::istringstream lines(program.Read(folder + "/metrics.jsonl"));
  std::vector<nlohmann::json> epochs;
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json epoch = nlohmann::json::parse(line);
    epoch.erase("seconds");
    epoch.erase("samples_per_second");
    epochs.push_back(epoch);
  }
  return epochs;
}

}  // namespace nabla

#endif  // NABLA_TESTS_EXPERIMENTS_RUN_RESULTS_H_
