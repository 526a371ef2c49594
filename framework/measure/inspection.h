// A close look at a trained model: its layers and their outputs, the classes it confuses, its worst
// errors, the weights of its first layer, and what it makes of inputs that can be drawn.
#ifndef NABLA_FRAMEWORK_MEASURE_INSPECTION_H_
#define NABLA_FRAMEWORK_MEASURE_INSPECTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
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

// The outputs of a layer over some rows. A unit is a number of the output, or a channel where that
// is a picture.
struct LayerValues {
  std::string layer;  // its path
  size_t rows = 0;
  size_t units = 0;
  size_t still = 0;  // units that had one value in all rows and places: dead ones, behind a ReLU
  double mean = 0;   // over all rows and units
  double std = 0;
};

// Root mean squares over the last batch of an epoch: of the outputs of each layer (L), and of the
// gradient of the loss with respect to them. Those below the first trained layer have no gradient.
struct LayerScales {
  int64_t epoch = 0;
  std::vector<double> outputs;
  std::vector<double> gradients;
};

// What a model makes of inputs that can be drawn. Of two inputs and C classes: the class of each
// cell of a grid. Of one input and a value: the curve.
struct DrawnFunction {
  struct Frame {
    int64_t epoch = 0;
    std::vector<uint8_t> cells;  // (side, side), from the lowest second input: 16 class + round(15
                                 // p of that class), or + 15 where outputs are no probabilities
    std::vector<double> values;  // (side)
  };
  std::vector<std::string> names;    // of the inputs, or of the input and the value
  std::vector<std::string> classes;  // empty: a curve
  std::vector<double> low;           // the first and the last place of the grid, by input
  std::vector<double> high;
  size_t side = 0;                          // places along an input
  std::vector<std::vector<double>> points;  // of training rows: both inputs and the class, or the
                                            // input and the value
  std::vector<Frame> frames;                // by epoch; empty: nothing can be drawn
};

struct Inspection {
  ConfusionTable confusion;         // of the test rows; empty without classes, or of over 2000
  std::vector<WorstPicture> worst;  // empty if the rows are not pictures
  WeightPictures weights;           // likewise
  std::vector<LayerSummary> layers;
  std::vector<LayerTime> time;          // of one step; empty if not measured
  std::vector<Plot> plots;              // of the test rows
  std::optional<double> first_loss;     // of the first batch, before its update
  std::optional<double> output_spread;  // of values: the standard deviation of the outputs of the
                                        // test rows as a share of that of the targets
  std::vector<LayerValues> values;      // of test rows, or training rows if there are none
  std::vector<LayerScales> scales;
  DrawnFunction function;
};

// Writes and reads inspection.json. Throws InputError placed at `file`.
std::string PrintInspection(const Inspection& inspection);
Inspection ParseInspection(const std::string& text, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_INSPECTION_H_
