// Inspects a trained model.
#ifndef NABLA_FRAMEWORK_MEASURE_INSPECT_H_
#define NABLA_FRAMEWORK_MEASURE_INSPECT_H_

#include "framework/measure/inspection.h"
#include "framework/training/experiment.h"

namespace nabla {

// Evaluates the test rows once; does not measure time.
template <typename T>
Inspection Inspect(Experiment<T>& experiment, const DataSplits& data, Threads& threads);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_INSPECT_H_
