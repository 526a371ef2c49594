#include "framework/inference/output_kind.h"

#include <algorithm>
#include <cmath>

#include "framework/training/task_defaults.h"

namespace nabla {

template <typename T>
OutputKind OutputKindOf(const Model<T>& model) {
  const ModelInput& input = model.head.input;
  if (!input.meaning.labels) return OutputKindOf(model.spec, input.classes);
  // Constants, since GCC 14.2 -O2 makes kScores of `kind` itself here, unless -fno-tree-reassoc.
  switch (OutputKindOf(model.spec, model.network->output().size())) {
    case OutputKind::kSeparateLogits:
      return OutputKind::kSeparateLogits;
    case OutputKind::kProbabilities:
      return OutputKind::kProbabilities;
    default:
      return OutputKind::kScores;
  }
}

std::vector<double> Interpret(OutputKind kind, std::span<const double> outputs) {
  std::vector<double> p(outputs.begin(), outputs.end());
  const double top = *std::max_element(p.begin(), p.end());
  double sum = 0;
  for (double& x : p) {
    if (kind == OutputKind::kLogProbabilities) x = std::exp(x);
    if (kind == OutputKind::kSeparateLogits) x = 1 / (1 + std::exp(-x));
    if (kind == OutputKind::kLogits) x = std::exp(x - top);
    sum += x;
  }
  const bool softmax = kind == OutputKind::kLogits || kind == OutputKind::kLogProbabilities;
  if (p.size() == 1 && !softmax) return {1 - p[0], p[0]};
  if (kind != OutputKind::kLogits) return p;
  for (double& x : p) x /= sum;
  return p;
}

template OutputKind OutputKindOf(const Model<float>&);
template OutputKind OutputKindOf(const Model<double>&);

}  // namespace nabla
