// A single run, shown while it goes on.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_RUN_H_
#define NABLA_FRAMEWORK_EXPERIMENT_RUN_H_

#include "framework/config/node.h"
#include "framework/experiment/run_options.h"
#include "framework/plugin/registry.h"

namespace nabla {

// Trains what `tree` describes; returns the exit code. Throws InputError, RunError.
int RunExperiment(const Node& tree, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_RUN_H_
