// Runs experiments over many seeds to judge the metrics printed by their notebooks.
#ifndef NABLA_EXPERIMENTS_REPRODUCE_H_
#define NABLA_EXPERIMENTS_REPRODUCE_H_

#include <vector>

#include "framework/config/node.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Judges each experiment over the seeds s, s + 1, ..., where s is its own seed: as many as the
// answer needs and the budget allows (sequential.h, budget.h). The runs of all experiments share
// one queue, longest first, one run per thread. Each has its own run folder
// <out>/<name>/seed-<seed>; finished runs are not repeated. The verdicts on an experiment are shown
// when they stand; reproduction.json is written at the end. Returns the exit code: 0 whatever the
// verdicts, 130 or 143 if stopped (the runs finished until then are judged and written). Throws
// InputError for files without references, and DataUnavailable if real data is missing, because
// results on other data would say nothing about the notebook.
int Reproduce(const std::vector<Node>& trees, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_REPRODUCE_H_
