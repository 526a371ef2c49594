// Whether a folder's run, finished or interrupted, is the one that is asked for now.
#ifndef NABLA_FRAMEWORK_RECORD_SAME_RUN_H_
#define NABLA_FRAMEWORK_RECORD_SAME_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/record/environment.h"

namespace nabla {

// "train.batch_size is 50, now 100" for each key that differs. A train.epochs that has only grown
// does not count if `may_grow`: such a run goes on where it ended. Nor does train.max_time, which
// decides only when a run is interrupted.
std::vector<std::string> Differences(const Node& before, const Node& now, bool may_grow);

// train.epochs of a resolved config.
int64_t EpochsOf(const Node& config);

// What the run in `path` had other inputs for: "the training rows", "the library my.so". Empty if
// there is nothing, or environment.json is missing.
std::vector<std::string> ChangedInputs(const std::string& path, const RunInputs& inputs);

// Throws InputError placed at environment.json in `path` if the run there had other inputs, and
// names them. Passes if the file is missing.
void CheckInputs(const std::string& path, const RunInputs& inputs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_SAME_RUN_H_
