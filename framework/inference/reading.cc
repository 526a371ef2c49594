#include "framework/inference/reading.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "framework/training/experiment.h"

namespace nabla {
namespace {

// Of the activation or layer that makes the outputs.
std::string LastName(const Node& layer) {
  const Node* function = layer.Find("function");
  return PluginName(function == nullptr ? layer : *function);
}

bool SaysLogProbabilities(const Node& loss) {
  const Node* input = loss.Find("input");
  return input != nullptr && input->text == "log_probabilities";
}

}  // namespace

template <typename T>
Reading ReadingOf(const ExperimentSpec<T>& spec, size_t classes) {
  if (classes == 0) return Reading::kNumbers;
  const std::string loss = PluginName(spec.loss.config);
  if (loss == "cross_entropy") return Reading::kLogits;
  if (loss == "bce_with_logits") return Reading::kSeparateLogits;
  if (loss == "bce") return Reading::kProbabilities;
  if (loss == "nll") {
    return SaysLogProbabilities(spec.loss.config) ? Reading::kLogProbabilities
                                                  : Reading::kProbabilities;
  }
  const std::string last = LastName(spec.model.back().config);
  if (last == "softmax") return Reading::kProbabilities;
  if (last == "log_softmax") return Reading::kLogProbabilities;
  return Reading::kScores;
}

std::vector<double> Interpret(Reading reading, std::span<const double> outputs) {
  std::vector<double> p(outputs.begin(), outputs.end());
  const double top = *std::max_element(p.begin(), p.end());
  double sum = 0;
  for (double& x : p) {
    if (reading == Reading::kLogProbabilities) x = std::exp(x);
    if (reading == Reading::kSeparateLogits) x = 1 / (1 + std::exp(-x));
    if (reading == Reading::kLogits) x = std::exp(x - top);
    sum += x;
  }
  if (reading != Reading::kLogits) return p;
  for (double& x : p) x /= sum;
  return p;
}

template Reading ReadingOf(const ExperimentSpec<float>&, size_t);
template Reading ReadingOf(const ExperimentSpec<double>&, size_t);

}  // namespace nabla
