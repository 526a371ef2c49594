// Nets that a library or a list of sizes describes.
#ifndef NABLA_FRAMEWORK_FACTS_LIBRARY_MODELS_H_
#define NABLA_FRAMEWORK_FACTS_LIBRARY_MODELS_H_

#include <string>

#include "framework/facts/facts.h"

namespace nabla {

// Fills `model` from Keras' layers, scikit-learn's MLP, or sizes alone, whichever is found first.
void ReadLibraryModel(const CodeTrace& trace, CodeFacts* facts);

// Classes of the data set, for a last layer whose size the program computes; "" if not known.
std::string ClassesOf(const CodeTrace& trace);

// Adds an activation by nabla's name; none for "". The slope is leaky_relu's.
void AddActivation(const std::string& name, double slope, CellPlace place, CodeFacts* facts);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_LIBRARY_MODELS_H_
