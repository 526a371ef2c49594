// Other initial weights than an experiment asks for.
#ifndef NABLA_FRAMEWORK_VERDICT_INITIALIZER_MISTAKES_H_
#define NABLA_FRAMEWORK_VERDICT_INITIALIZER_MISTAKES_H_

#include <optional>

#include "framework/config/node.h"

namespace nabla {

// Its standard deviation times 2 or 1 / 2; nothing where no initializer does that.
std::optional<Node> Rescaled(const Node& initializer, double factor);

// Another distribution with the same mean and variance: uniform for normal and the reverse.
std::optional<Node> OtherwiseDistributed(const Node& initializer);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_VERDICT_INITIALIZER_MISTAKES_H_
