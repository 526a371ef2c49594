// How each activation is written in C.
#ifndef NABLA_FRAMEWORK_EXPORT_C_ACTIVATIONS_H_
#define NABLA_FRAMEWORK_EXPORT_C_ACTIVATIONS_H_

#include <string_view>

#include "framework/config/node.h"
#include "framework/export/c_builder.h"

namespace nabla {

// f(x); `config` is complete. Gives x back to the builder. Throws InputError for an activation
// without a mapping.
CRow AddCActivation(const Node& config, const CRow& x, CBuilder* builder);

bool HasCActivation(std::string_view name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_C_ACTIVATIONS_H_
