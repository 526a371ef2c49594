// A trained model seen close: what it confuses, what it gets most wrong, what its first layer looks
// at.
#ifndef NABLA_FRAMEWORK_MEASURE_INSPECTION_H_
#define NABLA_FRAMEWORK_MEASURE_INSPECTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "framework/measure/time_report.h"

namespace nabla {

// Counts of test rows.
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

// Weights of the units of a layer that looks at pictures.
struct WeightPictures {
  std::string parameter;
  size_t width = 0;
  size_t height = 0;
  size_t channels = 1;        // 1, or 3 to be shown as a colour picture
  std::vector<float> values;  // [units][channels][height][width]
};

struct Inspection {
  ConfusionTable confusion;         // of the test rows; empty without classes
  std::vector<WorstPicture> worst;  // empty where rows are no pictures
  WeightPictures weights;           // likewise
  std::vector<LayerTime> time;      // of one step; empty where it was not measured
};

// inspection.json, and back. Throws InputError placed at `file`.
std::string PrintInspection(const Inspection& inspection);
Inspection ParseInspection(const std::string& text, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_INSPECTION_H_
