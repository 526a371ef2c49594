// How each layer is written in C.
#ifndef NABLA_FRAMEWORK_EXPORT_C_LAYERS_H_
#define NABLA_FRAMEWORK_EXPORT_C_LAYERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "framework/config/node.h"
#include "framework/export/c_builder.h"
#include "framework/export/untyped_network.h"

namespace nabla {

// Applies the listed layers, whose paths are `prefix` + their index in the list, to the row x and
// returns the result; overwrites x and gives it back to the builder if it is scratch. Throws
// InputError for a layer or activation without a mapping.
CRow AddCLayers(const UntypedNetwork& network, const std::vector<Node>& layers,
                const std::string& prefix, CRow x, CBuilder* builder);

// Whether a plugin of kind "layer" or "activation" has a mapping.
bool HasCMapping(std::string_view kind, std::string_view name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_C_LAYERS_H_
