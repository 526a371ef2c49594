// Reads a run back from its folder.
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

// A run as its folder records it. Accuracies and losses are those of the run to the last bit;
// per-class metrics and samples/s are included.
struct FinishedRun {
  Summary summary;
  std::vector<EpochMetrics> epochs;
};

// A text file of a run folder. Throws InputError placed at it; also for a link that leads out of
// the folder, for anything but a regular file, and above 256 MiB.
std::string ReadRunText(const std::string& file);

// environment.json of a folder, nothing if it is empty (see HasLostFile). Throws InputError placed
// at it.
Environment ReadEnvironment(const std::string& path);

// Whether the run in `path` was for all epochs of `config`. Throws InputError, placed at the file,
// for a run whose config differs in anything else, which it names.
bool CheckIsRunOf(const std::string& path, const Node& config);

// Whether a failure of power has emptied a file of the run that is not flushed, or has cut its
// epochs short of those in its summary: then it is trained again, or from its checkpoint on. Throws
// InputError placed at a file that cannot be read.
bool HasLostFile(const std::string& path);

// The run in `path` if it is complete; nothing if there is no run, if it is not complete, or if
// `config` only has more epochs. Throws InputError, placed at the file, for a run whose config is
// not `config`, which names what differs, or that cannot be read.
std::optional<FinishedRun> FindFinishedRun(const std::string& path, const Node& config);

// summary.json of a folder, which has the metrics of the last epoch. Throws InputError placed at
// it.
Summary ReadSummary(const std::string& path);

// The run in `path`, complete or not. Throws InputError placed at the file that is missing or
// wrong.
FinishedRun ReadRun(const std::string& path);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_FINISHED_RUN_H_
