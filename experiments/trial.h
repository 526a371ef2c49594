// Tries an experiment: one batch through everything that a run does.
#ifndef NABLA_EXPERIMENTS_TRIAL_H_
#define NABLA_EXPERIMENTS_TRIAL_H_

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Trains what `tree` describes on one batch, evaluates it, writes a checkpoint and reads it back,
// in a folder that is removed, and says so. Returns the exit code. Throws InputError, and RunError
// if the checkpoint gives other weights.
int TryExperiment(const Node& tree, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_TRIAL_H_
