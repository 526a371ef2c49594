// Optimizers of torch, Keras and TensorFlow.
#ifndef NABLA_FRAMEWORK_FACTS_LIBRARY_OPTIMIZERS_H_
#define NABLA_FRAMEWORK_FACTS_LIBRARY_OPTIMIZERS_H_

#include "framework/facts/facts.h"
#include "framework/python/trace.h"

namespace nabla {

// Name, rate and settings of the optimizer that a library makes; false if none does. Of several it
// is the one that stands last before the training, else the first.
bool ReadLibraryOptimizer(const CodeTrace& trace, CodeFacts* facts);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_LIBRARY_OPTIMIZERS_H_
