// What a model makes of one or two inputs, while it is trained.
#ifndef NABLA_FRAMEWORK_MEASURE_DRAWN_FUNCTION_H_
#define NABLA_FRAMEWORK_MEASURE_DRAWN_FUNCTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "framework/engine/network.h"
#include "framework/measure/inspection.h"
#include "framework/measure/layer_values.h"
#include "framework/model/output_kind.h"
#include "framework/training/experiment.h"
#include "framework/training/prepared_data.h"

namespace nabla {

// Draws the classes of two inputs (at most 16 classes), or the value of one input; of anything else
// nothing. Axes and points are in the units of the data set. All arguments must outlive it.
template <typename T>
class FunctionRecorder {
 public:
  FunctionRecorder(Experiment<T>& experiment, const PreparedData& data);

  // Keeps a frame after the first epoch and after every twentieth part of the training, unless the
  // model is so large that this would take longer than the training.
  void AddEpoch(int64_t epoch);

  // All frames, the last one as the model is now, after epoch `epoch`.
  DrawnFunction Take(int64_t epoch);

 private:
  bool IsDrawn() const { return function_.side > 0; }
  void MakeGrid();
  void AddPoints();
  void AddFrame(int64_t epoch);
  // Adds what `side` places put out. Returns false for outputs that are not finite.
  bool AddPlaces(Matrix<const T> z, DrawnFunction::Frame* frame) const;
  uint8_t CellOf(const std::vector<double>& outputs) const;
  // From what the model gets to the units of the data set.
  double Raw(size_t input, double x) const;

  Experiment<T>& experiment_;
  const PreparedData& data_;
  DrawnFunction function_;
  OutputKind kind_ = OutputKind::kNumbers;
  double threshold_ = 0;                 // of a single output for two classes
  OwnedMatrix<T> grid_;                  // (places, inputs), as the model gets them
  std::optional<LayerOutputs<T>> pass_;  // of `side` places at a time
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_DRAWN_FUNCTION_H_
