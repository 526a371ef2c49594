// Reads a run that may still be trained.
#ifndef NABLA_FRAMEWORK_REPORT_RUN_SO_FAR_H_
#define NABLA_FRAMEWORK_REPORT_RUN_SO_FAR_H_

#include <string>

#include "framework/record/finished_run.h"

namespace nabla {

// Whether the folder holds a run that was begun.
bool HoldsRunSoFar(const std::string& path);

// The same as ReadRun once the run has ended. Before, the epochs that are on disk, and a summary
// with what config.yaml says and the status "running". Throws InputError placed at the file that is
// missing or wrong; also while a run that begins anew replaces its files.
FinishedRun ReadRunSoFar(const std::string& path);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_REPORT_RUN_SO_FAR_H_
