// Why two runs differ: the first step, layer and tensor that do, and what each key makes of it.
#ifndef NABLA_EXPERIMENTS_WHY_H_
#define NABLA_EXPERIMENTS_WHY_H_

#include <cstdint>
#include <string>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

struct WhyRun {
  std::string name;    // of the folder, as the user knows it
  std::string folder;  // which holds a run
  Node tree;           // its config.yaml
};

struct WhyArguments {
  WhyRun a;
  WhyRun b;
  int64_t steps = 0;      // the most to replay; 0 = all
  std::string metric;     // whose gap is shared; "" = chosen
  bool turn_keys = true;  // train a with each key of b
};

// Replays both runs together and trains a with each key of b alone; these runs are kept if
// options.out names a folder. Prints what differs. Returns the exit code: 0 whatever the answer,
// 130 or 143 if a signal ended the search, whose answer is then what was known. Throws InputError
// for a folder that is not a run's, or whose run trained on replaced data; DataUnavailable if the
// data is missing.
int Why(const WhyArguments& arguments, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_WHY_H_
