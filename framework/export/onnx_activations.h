// How each activation is written in ONNX.
#ifndef NABLA_FRAMEWORK_EXPORT_ONNX_ACTIVATIONS_H_
#define NABLA_FRAMEWORK_EXPORT_ONNX_ACTIVATIONS_H_

#include <string>
#include <string_view>

#include "framework/config/node.h"
#include "framework/export/onnx_builder.h"

namespace nabla {

// f(x) for rows x of `shape`; `config` is complete. Throws InputError for an activation without a
// mapping.
std::string AddActivation(const Node& config, const Shape& shape, const std::string& x,
                          OnnxBuilder* builder);

bool HasActivationMapping(std::string_view name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_ONNX_ACTIVATIONS_H_
