// What the outputs of an experiment's model mean, and the probabilities that they stand for.
#ifndef NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_
#define NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_

#include <cstddef>
#include <span>
#include <vector>

#include "framework/model/output_kind.h"
#include "framework/spec/spec.h"

namespace nabla {

// As the loss takes them, or else as the last layer gives them. `classes` is 0 for targets that
// are numbers.
template <typename T>
OutputKind OutputKindOf(const ExperimentSpec<T>& spec, size_t classes);

inline bool HasProbabilities(OutputKind kind) {
  return kind != OutputKind::kNumbers && kind != OutputKind::kScores;
}

// The probabilities of a row of outputs, or the outputs themselves where there are none.
std::vector<double> Interpret(OutputKind kind, std::span<const double> outputs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_OUTPUT_KIND_H_
