// Runs experiments over many seeds to judge the metrics that their notebooks printed.
#ifndef NABLA_EXPERIMENTS_REPRODUCE_H_
#define NABLA_EXPERIMENTS_REPRODUCE_H_

#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Judges the experiments, each over seeds s, s + 1, ... from its own seed s on. The runs of all are
// done together, a run on each thread, the longest first, each in a run folder
// <out>/<name>/seed-<seed>, which is not run again if it is finished. An experiment's verdicts are
// shown when the last of its runs has ended; reproduction.json is written behind all. Returns the
// exit code: 0 whatever the verdicts are, 130 or 143 if stopped, with what was done until then
// judged and written. Throws InputError for files without references, DataUnavailable where real
// data is missing: other data would say nothing.
int Reproduce(const std::vector<Node>& trees, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_REPRODUCE_H_
