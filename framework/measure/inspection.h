// A close look at a trained model: its layers, the classes it confuses, its worst errors and the
// weights of its first layer.
#ifndef NABLA_FRAMEWORK_MEASURE_INSPECTION_H_
#define NABLA_FRAMEWORK_MEASURE_INSPECTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/measure/layer_summary.h"
#include "framework/measure/plot.h"
#include "framework/measure/time_report.h"

namespace nabla {

// Test rows by true and predicted class.
struct ConfusionTable {
  std::vector<std::string> classes;  // C names
  std::vector<int64_t> counts;       // [C][C], true classes down, predicted ones across
};

// A test picture that the net got wrong.
struct WorstPicture {
  size_t width = 0;
  size_t height = 0;
  size_t channels = 1;          // 1 grey, 3 red, green, blue
  std::vector<uint8_t> pixels;  // [channels][height][width], 0 black
  std::string truth;
  std::string predicted;
  double truth_probability = 0;
  double predicted_probability = 0;
  double loss = 0;
};

// The weights of a layer on pictures, one picture per unit.
struct WeightPictures {
  std::string parameter;
  size_t width = 0;
  size_t height = 0;
  size_t channels = 1;        // 1, or 3 for a colour picture
  std::vector<float> values;  // [units][channels][height][width]
};

struct Inspection {
  ConfusionTable confusion;         // of the test rows; empty without classes
  std::vector<WorstPicture> worst;  // empty if the rows are not pictures
  WeightPictures weights;           // likewise
  std::vector<LayerSummary> layers;
  std::vector<LayerTime> time;  // of one step; empty if not measured
  std::vector<Plot> plots;      // of the test rows
};

// Writes and reads inspection.json. Throws InputError placed at `file`.
std::string PrintInspection(const Inspection& inspection);
Inspection ParseInspection(const std::string& text, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_INSPECTION_H_
