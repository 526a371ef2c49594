// A single run with its progress on the terminal.
#ifndef NABLA_EXPERIMENTS_SINGLE_RUN_H_
#define NABLA_EXPERIMENTS_SINGLE_RUN_H_

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Trains what `tree` describes; returns the exit code. Throws InputError, RunError.
int RunExperiment(const Node& tree, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SINGLE_RUN_H_
