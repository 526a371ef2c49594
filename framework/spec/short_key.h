// The last name of a key for the whole key.
#ifndef NABLA_FRAMEWORK_SPEC_SHORT_KEY_H_
#define NABLA_FRAMEWORK_SPEC_SHORT_KEY_H_

#include <string>

#include "framework/base/error.h"
#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// "train.epochs" of "epochs": the key of an experiment that alone ends with this name, or with what
// other libraries call it. Keys of train and optimizer come before those of other sections and of
// the layers in `tree`. Other keys stay as they are. Throws InputError placed at `place` where
// several keys have the name, or where none has it but one is nearly it.
std::string WholeKey(const std::string& key, const Node& tree, const Registry& registry,
                     const Place& place);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_SHORT_KEY_H_
