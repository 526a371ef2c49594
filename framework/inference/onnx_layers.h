// How each layer and activation is written in ONNX.
#ifndef NABLA_FRAMEWORK_INFERENCE_ONNX_LAYERS_H_
#define NABLA_FRAMEWORK_INFERENCE_ONNX_LAYERS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/node.h"
#include "framework/inference/onnx_builder.h"

namespace nabla {

// A network without its number type.
struct OnnxNetwork {
  std::map<std::string, Shape> inputs;            // per layer path: "2", or "2.0" in a residual
  std::map<std::string, Shape> outputs;           // likewise
  std::map<std::string, NamedTensor> parameters;  // by name: "2.0.weight"
};

// Applies the listed layers, whose paths are `prefix` + their index in the list, to the rows `x`;
// returns the name of the result. Throws InputError for a layer or activation without a mapping.
std::string AddLayers(const OnnxNetwork& network, const std::vector<Node>& layers,
                      const std::string& prefix, const std::string& x, OnnxBuilder* builder);

// Whether a plugin of kind "layer" or "activation" has a mapping.
bool HasOnnxMapping(std::string_view kind, std::string_view name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_ONNX_LAYERS_H_
