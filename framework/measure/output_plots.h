// Pictures of a trained model's outputs on rows whose targets are known.
#ifndef NABLA_FRAMEWORK_MEASURE_OUTPUT_PLOTS_H_
#define NABLA_FRAMEWORK_MEASURE_OUTPUT_PLOTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "framework/measure/plot.h"
#include "framework/model/output_kind.h"
#include "framework/model/target_meaning.h"

namespace nabla {

// The outputs of N rows in the units of the data set, with their targets.
struct OutputRows {
  OutputKind kind = OutputKind::kNumbers;
  size_t classes = 0;  // 0 where the targets are values
  TargetMeaning meaning = {};
  std::vector<std::vector<double>> outputs = {};  // (N, O)
  std::vector<int32_t> labels = {};               // (N), or empty
  std::vector<std::vector<double>> values = {};   // (N, O), or empty
};

// Of classes and labels: ROC and precision-recall curves, of ten at most, the worst first, and
// where the outputs are probabilities of classes a reliability curve in ten bins of the greatest
// one. Of numbers: predicted against true values and residuals, of four targets at most. Lines have
// at most 100 points, clouds 500. None of outputs that are not finite, and none of an autoencoder.
std::vector<Plot> PlotsOf(const OutputRows& rows);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_OUTPUT_PLOTS_H_
