// Models in the ONNX format, IR version 8, operator set 13.
#ifndef NABLA_FRAMEWORK_FORMATS_ONNX_H_
#define NABLA_FRAMEWORK_FORMATS_ONNX_H_

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "framework/formats/named_tensor.h"
#include "framework/formats/onnx_attribute.h"

namespace nabla {

// A size, or the name of one that is known only at run time, such as "batch".
using OnnxDimension = std::variant<int64_t, std::string>;

// An input or output of a graph.
struct OnnxValue {
  std::string name;
  ElementType dtype = ElementType::kF32;
  std::vector<OnnxDimension> shape;
};

struct OnnxNode {
  std::string op;                    // "Gemm"
  std::vector<std::string> inputs;   // graph inputs, initializers, outputs of earlier nodes
  std::vector<std::string> outputs;  // unique names
  std::vector<std::pair<std::string, OnnxAttribute>> attributes = {};
  std::string name = {};  // for people
};

struct OnnxGraph {
  std::string name;
  std::vector<OnnxValue> inputs;
  std::vector<OnnxValue> outputs;
  std::vector<NamedTensor> initializers;
  std::vector<OnnxNode> nodes;  // each after the nodes whose outputs it takes
  std::vector<std::pair<std::string, std::string>> metadata = {};  // of the model: keys and values
};

// The file's bytes. Checks the initializers (CheckTensors: InputError without a place) but not
// whether the graph makes sense.
std::vector<uint8_t> WriteOnnx(const OnnxGraph& graph);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_ONNX_H_
