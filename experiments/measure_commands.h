// The commands `time`, `find-lr` and `summary`.
#ifndef NABLA_EXPERIMENTS_MEASURE_COMMANDS_H_
#define NABLA_EXPERIMENTS_MEASURE_COMMANDS_H_

#include <string>

#include "framework/config/node.h"
#include "framework/measure/find_lr.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

// Measures what `tree` describes and prints the table, or JSON. Throws InputError, RunError.
void TimeExperiment(const Node& tree, const RunOptions& options, const Registry& registry);

// Prints the layers of what `tree` describes, of whose data only the shape of a row matters. Throws
// InputError, RunError.
void SummariseExperiment(const Node& tree, const RunOptions& options, const Registry& registry);

// The same of a trained model, without any data: a run folder or a file. Throws InputError.
void SummariseModelFile(const std::string& path, bool json, const Registry& registry);

// Runs a learning rate range test on what `tree` describes, prints the result, and writes
// find_lr.csv into options.out unless that is empty. Returns the exit code. Throws InputError,
// RunError.
int FindLr(const Node& tree, const RunOptions& options, const RateRange& range,
           const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_MEASURE_COMMANDS_H_
