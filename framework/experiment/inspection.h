// A trained model seen close: what it confuses, what it gets most wrong, what its first layer looks
// at.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_INSPECTION_H_
#define NABLA_FRAMEWORK_EXPERIMENT_INSPECTION_H_

#include <string>
#include <vector>

#include "framework/experiment/experiment.h"
#include "framework/experiment/report.h"

namespace nabla {

struct Inspection {
  ReportMatrix confusion;           // of the test rows; empty without classes
  std::vector<WorstPicture> worst;  // empty where rows are no pictures
  WeightPictures weights;           // likewise
  std::vector<LayerTime> time;      // of one step; empty where it was not measured
};

// Runs the test rows once, and measures no time.
template <typename T>
Inspection Inspect(Experiment<T>& experiment, const DataSplits& data, Threads& threads);

// inspection.json, and back. Throws InputError placed at `file`.
std::string PrintInspection(const Inspection& inspection);
Inspection ParseInspection(const std::string& text, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_INSPECTION_H_
