// What a trained model says of new rows.
#ifndef NABLA_FRAMEWORK_INFERENCE_PREDICT_H_
#define NABLA_FRAMEWORK_INFERENCE_PREDICT_H_

#include <cstddef>
#include <string>

#include "framework/engine/threads.h"
#include "framework/inference/model_file.h"
#include "framework/tensor/storage.h"

namespace nabla {

// The outputs (N, O) of `samples`, bit by bit those that an evaluation judges. Throws
// RunError where one is not finite.
template <typename T>
OwnedMatrix<T> PredictOutputs(const Model<T>& model, const Samples& samples, Threads& threads);

// Outputs (N, O) for a user, a line each; of a single row its classes in a table, best first.
// `top`: only so many classes; 0 = all.
template <typename T>
std::string PrintPredictions(const Model<T>& model, Matrix<const T> outputs, size_t top);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_PREDICT_H_
