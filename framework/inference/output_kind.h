// What a model's outputs mean.
#ifndef NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_
#define NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_

#include <cstddef>
#include <span>
#include <vector>

#include "framework/spec/spec.h"

namespace nabla {

enum class OutputKind {
  kNumbers,           // not classes
  kScores,            // the greatest wins; no probabilities
  kProbabilities,     // as they are
  kLogProbabilities,  // p = exp(z)
  kLogits,            // p = softmax(z)
  kSeparateLogits,    // p = sigmoid(z), a class at a time
};

// As the loss takes them, or else as the last layer gives them. `classes` is 0 for targets that
// are numbers.
template <typename T>
OutputKind OutputKindOf(const ExperimentSpec<T>& spec, size_t classes);

inline bool HasProbabilities(OutputKind reading) {
  return reading != OutputKind::kNumbers && reading != OutputKind::kScores;
}

// The probabilities of a row of outputs, or the outputs themselves where there are none.
std::vector<double> Interpret(OutputKind reading, std::span<const double> outputs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_
