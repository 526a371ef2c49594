// How each layer and activation is written in ONNX.
#ifndef NABLA_FRAMEWORK_EXPORT_ONNX_LAYERS_H_
#define NABLA_FRAMEWORK_EXPORT_ONNX_LAYERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "framework/config/node.h"
#include "framework/export/onnx_builder.h"
#include "framework/export/untyped_network.h"

namespace nabla {

// Applies the listed layers, whose paths are `prefix` + their index in the list, to the rows `x`;
// returns the name of the result. Throws InputError for a layer or activation without a mapping.
std::string AddLayers(const UntypedNetwork& network, const std::vector<Node>& layers,
                      const std::string& prefix, const std::string& x, OnnxBuilder* builder);

// Whether a plugin of kind "layer" or "activation" has a mapping.
bool HasOnnxMapping(std::string_view kind, std::string_view name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_ONNX_LAYERS_H_
