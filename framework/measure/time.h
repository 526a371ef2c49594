// Measures where the time of a training step goes.
#ifndef NABLA_FRAMEWORK_MEASURE_TIME_H_
#define NABLA_FRAMEWORK_MEASURE_TIME_H_

#include <vector>

#include "framework/measure/time_report.h"
#include "framework/plugin/registry.h"
#include "framework/training/experiment.h"

namespace nabla {

// Measures the first steps of the experiment for about a second, on 1 to `threads` threads.
template <typename T>
TimeReport MeasureTimes(const ExperimentSpec<T>& spec, const Registry& registry,
                        const DataSplits& data, size_t threads);

// Milliseconds per step by layer and phase, on one thread, measured for about `seconds` and at
// least one step. Gathering rows and the loss appear as layers with only a forward phase.
template <typename T>
std::vector<LayerTime> MeasureLayers(const ExperimentSpec<T>& spec, const Registry& registry,
                                     const DataSplits& data, double seconds);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_TIME_H_
