// Layers of pictures, as Keras and torch spell them.
#ifndef NABLA_FRAMEWORK_FACTS_LISTED_PICTURES_H_
#define NABLA_FRAMEWORK_FACTS_LISTED_PICTURES_H_

#include <string>

#include "framework/facts/facts.h"
#include "framework/python/trace.h"

namespace nabla {

// Whether the name is that of a convolution or of pooling over pictures.
bool IsPictureLayer(const std::string& name);

// Conv2D(32, (3, 3), padding="same") and the like as a line of `model:`, without its activation.
// `weight` is the initializer that the call names, "" for the usual one of torch. What it does not
// say is marked as a guess.
Fact PictureLayer(const TracedCall& call, const std::string& weight);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_LISTED_PICTURES_H_
