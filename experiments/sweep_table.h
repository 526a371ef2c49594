// What a sweep found, for people and for programs.
#ifndef NABLA_EXPERIMENTS_SWEEP_TABLE_H_
#define NABLA_EXPERIMENTS_SWEEP_TABLE_H_

#include <string>
#include <vector>

#include "framework/training/side_by_side.h"

namespace nabla {

// A setting's seeds together.
struct SweepResult {
  std::string label;
  std::vector<RunResult> runs;
};

// A line for each setting, best first: mean and standard deviation over its seeds, and its curve.
// Says how many runs are missing.
std::string SweepTable(const std::vector<SweepResult>& results);

// The metrics of every run and epoch.
std::string SweepJson(const std::string& name, const std::vector<SweepResult>& results);
std::string SweepCsv(const std::vector<SweepResult>& results);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_TABLE_H_
