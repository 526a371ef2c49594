// Losses of torch, Keras and other packages.
#ifndef NABLA_FRAMEWORK_FACTS_LIBRARY_LOSSES_H_
#define NABLA_FRAMEWORK_FACTS_LIBRARY_LOSSES_H_

#include <string>
#include <string_view>

#include "framework/facts/facts.h"

namespace nabla {

// The loss that the name of a function speaks of, not of its derivative; "" if none.
std::string LossOf(std::string_view name);
// Whether a call of torch or Keras says it. Sums over rows mostly evaluate; `sums` takes them too.
bool ReadLibraryLoss(const CodeTrace& trace, bool sums, CodeFacts* facts);
// The loss that a call of another package gets: Model(..., loss=MSE()), net.use(mse, mse_prime).
Fact GivenLoss(const CodeTrace& trace);
// The call in which a loss of torch gets the outputs of this layer; nullptr if there is none.
const TracedCall* LossCall(const CodeTrace& trace, int layer);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_LIBRARY_LOSSES_H_
