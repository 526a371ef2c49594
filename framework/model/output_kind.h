// What a model's outputs mean.
#ifndef NABLA_FRAMEWORK_MODEL_OUTPUT_KIND_H_
#define NABLA_FRAMEWORK_MODEL_OUTPUT_KIND_H_

namespace nabla {

enum class OutputKind {
  kNumbers,           // not classes
  kScores,            // the greatest wins; not probabilities
  kProbabilities,     // p = z
  kLogProbabilities,  // p = exp(z)
  kLogits,            // p = softmax(z)
  kSeparateLogits,    // p = sigmoid(z), for each class separately
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_OUTPUT_KIND_H_
