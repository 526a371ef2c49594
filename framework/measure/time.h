// The answer to "where does my time go".
#ifndef NABLA_FRAMEWORK_MEASURE_TIME_H_
#define NABLA_FRAMEWORK_MEASURE_TIME_H_

#include <vector>

#include "framework/measure/time_report.h"
#include "framework/plugin/registry.h"
#include "framework/training/experiment.h"

namespace nabla {

// Measures steps of the experiment as it begins, for about a second, on 1 to `threads` threads.
template <typename T>
TimeReport MeasureTimes(const ExperimentSpec<T>& spec, const Registry& registry,
                        const DataSplits& data, size_t threads);

// Milliseconds a step by layer and phase, on one thread, of steps that take about `seconds`; one
// at least. Gathering rows and the loss are shown as layers that go forward only.
template <typename T>
std::vector<LayerTime> MeasureLayers(const ExperimentSpec<T>& spec, const Registry& registry,
                                     const DataSplits& data, double seconds);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_TIME_H_
