// One experiment under many settings, several seeds each: which one is best, and by how much.
#ifndef NABLA_EXPERIMENTS_SWEEP_H_
#define NABLA_EXPERIMENTS_SWEEP_H_

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Runs every point with every seed side by side, each in a run folder <out>/<setting>/seed-<seed>
// that is not run again if it is finished; shows a table, writes sweep.json and sweep.csv. Returns
// the exit code. Throws InputError for a bad grid or a folder that holds other runs, RunError.
int Sweep(const Node& tree, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SWEEP_H_
