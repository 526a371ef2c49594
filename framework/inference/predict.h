// Predictions of a trained model for new rows.
#ifndef NABLA_FRAMEWORK_INFERENCE_PREDICT_H_
#define NABLA_FRAMEWORK_INFERENCE_PREDICT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/engine/threads.h"
#include "framework/inference/model_file.h"
#include "framework/tensor/storage.h"

namespace nabla {

// The outputs (N, O) for `samples`, bit for bit the same as in an evaluation. Throws RunError if
// one is not finite.
template <typename T>
OwnedMatrix<T> PredictOutputs(const Model<T>& model, const Samples& samples, Threads& threads);

// Outputs (N, O) as text, one line per row; for a single row of a single file a table of its
// classes, best first. Classes and values have the names of the data set.
// `top` is the number of classes to show; 0 = all. `file` stands before each line, unless it is "".
template <typename T>
std::string PrintPredictions(const Model<T>& model, const Samples& samples, Matrix<const T> outputs,
                             size_t top, const std::string& file = "");

// The same as JSON, an object per row:
//   {"file": .., "row": 0, "class": .., "probabilities": {class: p, ..}}, the `top` ones best first
//   {.., "class": .., "scores": {..}} where outputs are no probabilities
//   {.., "labels": {name: p, ..}}, {.., "values": {name: v, ..}} or, without names, a list of them
//   {.., "mse": .., "outputs": [..]} of an autoencoder
template <typename T>
std::vector<std::string> PredictionsJson(const Model<T>& model, const Samples& samples,
                                         Matrix<const T> outputs, size_t top,
                                         const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_PREDICT_H_
