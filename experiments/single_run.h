// A single run with its progress on the terminal.
#ifndef NABLA_EXPERIMENTS_SINGLE_RUN_H_
#define NABLA_EXPERIMENTS_SINGLE_RUN_H_

#include <string>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Trains what `tree` describes; returns the exit code. Throws InputError, RunError.
// Trains what `tree` describes and returns the exit code. *folder: where the run now is; untouched
// by ranks that write none. Throws InputError, RunError.
int RunExperiment(const Node& tree, const RunOptions& options, const Registry& registry,
                  std::string* folder);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SINGLE_RUN_H_
