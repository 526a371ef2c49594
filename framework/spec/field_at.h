// Which field of an experiment a path names.
#ifndef NABLA_FRAMEWORK_SPEC_FIELD_AT_H_
#define NABLA_FRAMEWORK_SPEC_FIELD_AT_H_

#include <string>

#include "framework/config/fields.h"
#include "framework/config/node.h"
#include "framework/plugin/registry.h"

namespace nabla {

// The field behind train.epochs or model.0.units, of the plugins that `tree` names; nullptr where
// there is none.
const Field* FieldAt(const Node& tree, const std::string& path, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_FIELD_AT_H_
