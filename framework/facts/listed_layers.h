// Nets of layers that a library or another module makes, one call a layer.
#ifndef NABLA_FRAMEWORK_FACTS_LISTED_LAYERS_H_
#define NABLA_FRAMEWORK_FACTS_LISTED_LAYERS_H_

#include <string>

#include "framework/facts/facts.h"
#include "framework/python/trace.h"

namespace nabla {

// Whether a class is one of fully connected layers, in Keras and in packages of the notebook's
// author.
bool IsDenseLayer(const std::string& name);

// The layers of the net that is trained, in the order in which the program makes them; false if
// there are none.
bool ReadListedLayers(const CodeTrace& trace, CodeFacts* facts);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_LISTED_LAYERS_H_
