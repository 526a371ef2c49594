// Layers with a learning rate or a decay of their own.
#ifndef NABLA_FRAMEWORK_TRAINING_LAYER_UPDATES_H_
#define NABLA_FRAMEWORK_TRAINING_LAYER_UPDATES_H_

#include <string>
#include <vector>

#include "framework/engine/network.h"
#include "framework/engine/step.h"
#include "framework/plugin/registry.h"
#include "framework/spec/spec.h"

namespace nabla {

// Freezes the layers whose lr_scale is 0. Returns how each parameter of the network is updated;
// nothing if the experiment has no layer_updates. Throws InputError, whose message begins with the
// key, for a layer that has no trained parameters or is listed twice, for a decay that the
// optimizer does not know, and if nothing is left to train.
template <typename T>
std::vector<ParameterUpdate<T>> MakeLayerUpdates(const ExperimentSpec<T>& spec,
                                                 const Registry& registry, Network<T>* network);

// "frozen: model.0, model.2 (12 of 20 parameters)"; "" if no layer is.
template <typename T>
std::string FrozenText(const Network<T>& network);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_LAYER_UPDATES_H_
