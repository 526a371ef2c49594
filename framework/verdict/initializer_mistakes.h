// Other initial weights than an experiment asks for.
#ifndef NABLA_FRAMEWORK_VERDICT_INITIALIZER_MISTAKES_H_
#define NABLA_FRAMEWORK_VERDICT_INITIALIZER_MISTAKES_H_

#include <optional>

#include "framework/config/node.h"

namespace nabla {

// An initializer, changed. `factor` is by how much its standard deviation grows.
struct OtherWeights {
  Node initializer;
  double factor = 1;
};

// Doubled or, where no initializer can do that, halved; nothing for those without a scale.
std::optional<OtherWeights> Rescaled(const Node& initializer);

// Another distribution with the same mean and variance: uniform for normal and the reverse.
std::optional<OtherWeights> OtherwiseDistributed(const Node& initializer);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_INITIALIZER_MISTAKES_H_
