// A run, read back from its folder.
#ifndef NABLA_FRAMEWORK_RECORD_FINISHED_RUN_H_
#define NABLA_FRAMEWORK_RECORD_FINISHED_RUN_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/engine/trainer.h"
#include "framework/record/environment.h"
#include "framework/record/run_folder.h"

namespace nabla {

// A run that is complete, read back from its folder. Accuracies and losses are those of the run to
// the last bit; per-class metrics and samples/s come with them.
struct FinishedRun {
  Summary summary;
  std::vector<EpochMetrics> epochs;
};

// A text file of a run folder. Throws InputError placed at it.
std::string ReadRunText(const std::string& file);

// environment.json of a folder. Throws InputError placed at it.
Environment ReadEnvironment(const std::string& path);

// The run in `path` if it is complete; nothing if there is none or it did not end. Throws
// InputError, placed at the file, for one that is complete but not of `config`, or that cannot be
// read back.
std::optional<FinishedRun> FindFinishedRun(const std::string& path, const Node& config);

// Whatever run `path` holds, complete or not. Throws InputError placed at the file that is missing
// or wrong.
FinishedRun ReadRun(const std::string& path);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_FINISHED_RUN_H_
