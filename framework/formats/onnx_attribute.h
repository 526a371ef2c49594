// What nodes of an ONNX graph have beside their inputs.
#ifndef NABLA_FRAMEWORK_FORMATS_ONNX_ATTRIBUTE_H_
#define NABLA_FRAMEWORK_FORMATS_ONNX_ATTRIBUTE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace nabla {

// INT, FLOAT, STRING, INTS or FLOATS.
using OnnxAttribute =
    std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<float>>;

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_ONNX_ATTRIBUTE_H_
