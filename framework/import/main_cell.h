// Which cell's training an experiment file is about.
#ifndef NABLA_FRAMEWORK_IMPORT_MAIN_CELL_H_
#define NABLA_FRAMEWORK_IMPORT_MAIN_CELL_H_

#include "framework/facts/trace_search.h"
#include "framework/notebook/output_series.h"

namespace nabla {

// The last cell that printed metrics of at least half as many steps as any: a notebook may begin
// with a smaller net, and end with trials.
MainTraining MainTrainingOf(const PrintedMetrics& metrics);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_MAIN_CELL_H_
