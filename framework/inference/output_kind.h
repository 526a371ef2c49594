// What a model's outputs mean, and how to turn them into probabilities.
#ifndef NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_
#define NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_

#include <cstddef>
#include <span>
#include <vector>

#include "framework/inference/model_file.h"
#include "framework/model/output_kind.h"

namespace nabla {

// Of a trained model. Labels are probabilities one by one, or scores.
template <typename T>
OutputKind OutputKindOf(const Model<T>& model);

inline bool HasProbabilities(OutputKind kind) {
  return kind != OutputKind::kNumbers && kind != OutputKind::kScores;
}

// The probabilities of a row of outputs, or the outputs themselves if they define none. A single
// output z for two classes stands for 1 - z and z.
std::vector<double> Interpret(OutputKind kind, std::span<const double> outputs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_
