// The runs of one setting of a sweep.
#ifndef NABLA_EXPERIMENTS_SWEEP_RESULT_H_
#define NABLA_EXPERIMENTS_SWEEP_RESULT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/node.h"
#include "framework/training/side_by_side.h"

namespace nabla {

// One run per seed, or one per fold of each seed.
struct SweepResult {
  std::string label;
  std::vector<RunResult> runs;
  size_t folds = 0;      // of a seed, which follow each other; 0: none
  size_t rung = 0;       // of a halving, the last one that it was in, from 1; 0: there is none
  double paused_at = 0;  // the epoch at which that rung ended; 0: with train.epochs
  std::vector<std::pair<std::string, Node>> settings = {};  // by key
};

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_RESULT_H_
