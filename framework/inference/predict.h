// Predictions of a trained model for new rows.
#ifndef NABLA_FRAMEWORK_INFERENCE_PREDICT_H_
#define NABLA_FRAMEWORK_INFERENCE_PREDICT_H_

#include <cstddef>
#include <string>

#include "framework/engine/threads.h"
#include "framework/inference/model_file.h"
#include "framework/tensor/storage.h"

namespace nabla {

// The outputs (N, O) for `samples`, bit for bit the same as in an evaluation. Throws RunError if
// one is not finite.
template <typename T>
OwnedMatrix<T> PredictOutputs(const Model<T>& model, const Samples& samples, Threads& threads);

// Outputs (N, O) as text, one line per row; for a single row a table of its classes, best first.
// Classes and values have the names of the data set.
// `top` is the number of classes to show; 0 = all.
template <typename T>
std::string PrintPredictions(const Model<T>& model, const Samples& samples, Matrix<const T> outputs,
                             size_t top);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_PREDICT_H_
