// What the layers of a network put out: their values over rows, and their scales over epochs.
#ifndef NABLA_FRAMEWORK_MEASURE_LAYER_VALUES_H_
#define NABLA_FRAMEWORK_MEASURE_LAYER_VALUES_H_

#include <cstddef>
#include <vector>

#include "framework/engine/network.h"
#include "framework/engine/step.h"
#include "framework/measure/inspection.h"
#include "framework/model/dataset.h"
#include "framework/tensor/storage.h"

namespace nabla {

// Takes rows through all layers as an evaluation does, on this thread.
template <typename T>
class LayerOutputs {
 public:
  // For that many rows at a time. `network` must outlive it.
  LayerOutputs(const Network<T>& network, size_t rows);

  // The outputs (R, O) of every layer for the inputs x (R, I), until the next call.
  const std::vector<OwnedMatrix<T>>& Of(Matrix<const T> x);

 private:
  const Network<T>& network_;
  const Storage<T> scratch_;
  std::vector<OwnedMatrix<T>> outputs_;
};

// By layer, of the first 1000 rows at most. Joints of blocks are left out, as they have no units of
// their own.
template <typename T>
std::vector<LayerValues> ValuesByLayer(const Network<T>& network, const Samples& samples);

// Gathers the scales after epochs of a training, from what the last step left behind: that changes
// nothing, and costs less than a step.
template <typename T>
class ScaleRecorder {
 public:
  // Of a training of so many epochs; keeps 200 of them at most. `batch_rows` are in each step's
  // memory at least.
  ScaleRecorder(size_t epochs, size_t batch_rows) : epochs_(epochs), batch_rows_(batch_rows) {}

  // After epoch `epoch`, which this training has trained. Keeps nothing of values that are not
  // finite.
  void Add(int64_t epoch, const Network<T>& network, const Step<T>& step);

  std::vector<LayerScales> Take() { return std::move(scales_); }

 private:
  const size_t epochs_;
  const size_t batch_rows_;
  std::vector<LayerScales> scales_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_LAYER_VALUES_H_
