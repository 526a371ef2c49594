// How each activation is written in ONNX.
#ifndef NABLA_FRAMEWORK_INFERENCE_ONNX_ACTIVATIONS_H_
#define NABLA_FRAMEWORK_INFERENCE_ONNX_ACTIVATIONS_H_

#include <string>
#include <string_view>

#include "framework/config/node.h"
#include "framework/inference/onnx_builder.h"

namespace nabla {

// f(x) for rows x of `shape`; `config` is complete. Throws InputError for an activation without a
// mapping.
std::string AddActivation(const Node& config, const Shape& shape, const std::string& x,
                          OnnxBuilder* builder);

bool HasActivationMapping(std::string_view name);

// A parameter of a complete config as a number.
double NumberOf(const Node& config, std::string_view key);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_ONNX_ACTIVATIONS_H_
