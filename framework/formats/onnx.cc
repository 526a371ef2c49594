#include "framework/formats/onnx.h"

#include "framework/formats/protobuf.h"

namespace nabla {
namespace {

constexpr int64_t kIrVersion = 8;
constexpr int64_t kOperatorSet = 13;

// Field numbers of the messages in onnx.proto.
namespace model {
constexpr int kIr = 1, kProducer = 2, kGraph = 7, kOperators = 8, kMetadata = 14;
}  // namespace model
namespace string_entry {
constexpr int kKey = 1, kValue = 2;
}
namespace operator_set {
constexpr int kDomain = 1, kVersion = 2;
}  // namespace operator_set
namespace graph_proto {
constexpr int kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12;
}  // namespace graph_proto
namespace node_proto {
constexpr int kInput = 1, kOutput = 2, kName = 3, kOperator = 4, kAttribute = 5;
}  // namespace node_proto
namespace attribute {
constexpr int kName = 1, kFloat = 2, kInt = 3, kString = 4, kFloats = 7, kInts = 8, kType = 20;
}  // namespace attribute
namespace tensor_proto {
constexpr int kDims = 1, kType = 2, kName = 8, kRaw = 9;
}  // namespace tensor_proto
namespace value_info {
constexpr int kName = 1, kType = 2;
constexpr int kTensorType = 1;               // of TypeProto
constexpr int kElementType = 1, kShape = 2;  // of TypeProto.Tensor
constexpr int kDimension = 1;                // of TensorShapeProto
constexpr int kSize = 1, kSymbol = 2;        // of TensorShapeProto.Dimension
}  // namespace value_info

// TensorProto.DataType.
int64_t DataType(ElementType type) {
  constexpr int64_t kNumbers[] = {1, 11, 2, 6, 7};  // in the order of ElementType
  return kNumbers[static_cast<size_t>(type)];
}

// Writes the value of an attribute and its AttributeType.
struct AttributeValue {
  ProtobufWriter& out;

  void operator()(float value) const {
    out.Float(attribute::kFloat, value);
    out.Int(attribute::kType, 1);
  }
  void operator()(int64_t value) const {
    out.Int(attribute::kInt, value);
    out.Int(attribute::kType, 2);
  }
  void operator()(const std::string& value) const {
    out.String(attribute::kString, value);
    out.Int(attribute::kType, 3);
  }
  void operator()(const std::vector<float>& values) const {
    for (const float value : values) out.Float(attribute::kFloats, value);
    out.Int(attribute::kType, 6);
  }
  void operator()(const std::vector<int64_t>& values) const {
    for (const int64_t value : values) out.Int(attribute::kInts, value);
    out.Int(attribute::kType, 7);
  }
};

ProtobufWriter Tensor(const NamedTensor& tensor) {
  ProtobufWriter out;
  for (const size_t dim : tensor.shape) out.Int(tensor_proto::kDims, static_cast<int64_t>(dim));
  out.Int(tensor_proto::kType, DataType(tensor.dtype));
  out.String(tensor_proto::kName, tensor.name);
  out.Bytes(tensor_proto::kRaw, tensor.bytes);
  return out;
}

ProtobufWriter Value(const OnnxValue& value) {
  ProtobufWriter shape;
  for (const OnnxDimension& dimension : value.shape) {
    ProtobufWriter out;
    if (const int64_t* size = std::get_if<int64_t>(&dimension)) {
      out.Int(value_info::kSize, *size);
    } else {
      out.String(value_info::kSymbol, std::get<std::string>(dimension));
    }
    shape.Message(value_info::kDimension, out);
  }
  ProtobufWriter tensor_type;
  tensor_type.Int(value_info::kElementType, DataType(value.dtype));
  tensor_type.Message(value_info::kShape, shape);
  ProtobufWriter type;
  type.Message(value_info::kTensorType, tensor_type);
  ProtobufWriter out;
  out.String(value_info::kName, value.name);
  out.Message(value_info::kType, type);
  return out;
}

ProtobufWriter Node(const OnnxNode& node) {
  ProtobufWriter out;
  for (const std::string& input : node.inputs) out.String(node_proto::kInput, input);
  for (const std::string& output : node.outputs) out.String(node_proto::kOutput, output);
  if (!node.name.empty()) out.String(node_proto::kName, node.name);
  out.String(node_proto::kOperator, node.op);
  for (const auto& [name, value] : node.attributes) {
    ProtobufWriter message;
    message.String(attribute::kName, name);
    std::visit(AttributeValue{message}, value);
    out.Message(node_proto::kAttribute, message);
  }
  return out;
}

ProtobufWriter Graph(const OnnxGraph& graph) {
  ProtobufWriter out;
  for (const OnnxNode& node : graph.nodes) out.Message(graph_proto::kNode, Node(node));
  out.String(graph_proto::kName, graph.name);
  for (const NamedTensor& tensor : graph.initializers) {
    out.Message(graph_proto::kInitializer, Tensor(tensor));
  }
  for (const OnnxValue& value : graph.inputs) out.Message(graph_proto::kInput, Value(value));
  for (const OnnxValue& value : graph.outputs) out.Message(graph_proto::kOutput, Value(value));
  return out;
}

}  // namespace

std::vector<uint8_t> WriteOnnx(const OnnxGraph& graph) {
  CheckTensors(graph.initializers);
  ProtobufWriter operators;
  operators.String(operator_set::kDomain, "");
  operators.Int(operator_set::kVersion, kOperatorSet);
  ProtobufWriter out;
  out.Int(model::kIr, kIrVersion);
  out.String(model::kProducer, "nabla");
  out.Message(model::kGraph, Graph(graph));
  out.Message(model::kOperators, operators);
  for (const auto& [key, value] : graph.metadata) {
    ProtobufWriter entry;
    entry.String(string_entry::kKey, key);
    entry.String(string_entry::kValue, value);
    out.Message(model::kMetadata, entry);
  }
  return out.bytes();
}

}  // namespace nabla
