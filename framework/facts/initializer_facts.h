// Initializers in YAML for the ways in which programs fill weights.
#ifndef NABLA_FRAMEWORK_FACTS_INITIALIZER_FACTS_H_
#define NABLA_FRAMEWORK_FACTS_INITIALIZER_FACTS_H_

#include <string>
#include <vector>

#include "framework/python/trace.h"

namespace nabla {

// nabla's name of an initializer of torch.nn.init or Keras; "" if it has none.
std::string NamedInitializer(const std::string& name);

// The initializer of a layer's weights, "he_normal" or "{name: scaled_randn, scale: 0.01}". Widths
// that follow from the layer's sizes get the name of their rule, the same for all of `chain` where
// that is possible.
std::string WeightInitializer(const CodeTrace& trace, const std::vector<size_t>& chain, size_t i);
// What is to be asked where torch.nn.init filled weights of which it is not known whose they are;
// "" if it did not.
std::string UnreadInitializer(const CodeTrace& trace);
std::string BiasInitializer(const Filling& filling);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_INITIALIZER_FACTS_H_
