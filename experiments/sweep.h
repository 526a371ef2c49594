// One experiment under many settings, several seeds each: finds the best setting and its margin.
#ifndef NABLA_EXPERIMENTS_SWEEP_H_
#define NABLA_EXPERIMENTS_SWEEP_H_

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Runs every setting with every seed in parallel, each in its run folder
// <out>/<setting>/seed-<seed>; finished runs are not repeated. With sweep.halving only the best
// settings are trained to the end. Shows a table and writes sweep.json and sweep.csv. Returns the
// exit code. Throws InputError for a bad grid or a folder that holds other runs, and RunError.
int Sweep(const Node& tree, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_H_
