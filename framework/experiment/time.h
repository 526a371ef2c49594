// The answer to "where does my time go".
#ifndef NABLA_FRAMEWORK_EXPERIMENT_TIME_H_
#define NABLA_FRAMEWORK_EXPERIMENT_TIME_H_

#include "framework/config/node.h"
#include "framework/experiment/experiment.h"
#include "framework/experiment/run_options.h"
#include "framework/experiment/time_report.h"
#include "framework/plugin/registry.h"

namespace nabla {

// Measures steps of the experiment as it begins, for about a second, on 1 to `threads` threads.
template <typename T>
TimeReport MeasureTimes(const ExperimentSpec<T>& spec, const Registry& registry,
                        const DataSplits& data, size_t threads);

// Measures what `tree` describes and prints the table, or JSON. Throws InputError, RunError.
void TimeExperiment(const Node& tree, const RunOptions& options, bool json,
                    const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_TIME_H_
