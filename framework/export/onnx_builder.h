// Builds an ONNX graph node by node.
#ifndef NABLA_FRAMEWORK_EXPORT_ONNX_BUILDER_H_
#define NABLA_FRAMEWORK_EXPORT_ONNX_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

#include "framework/formats/onnx.h"
#include "framework/tensor/shape.h"

namespace nabla {

// Values are identified by name. The first dimension of rows is the batch: (batch, shape).
class OnnxBuilder {
 public:
  using Attributes = std::vector<std::pair<std::string, OnnxAttribute>>;

  // The type of all numbers: kF32 or kF64.
  explicit OnnxBuilder(ElementType dtype) : dtype_(dtype) {}

  // Sets the prefix of new names.
  void Enter(std::string path) { path_ = std::move(path); }

  // Adds a node; returns the name of its output.
  std::string Add(const std::string& op, std::vector<std::string> inputs,
                  Attributes attributes = {});
  // The same with a given output name.
  void AddAs(const std::string& output, const std::string& op, std::vector<std::string> inputs);

  // Constants: a number, an array of numbers, integers, a named tensor. Tensors of kF64 are rounded
  // if the graph is kF32.
  std::string Number(double value);
  std::string Numbers(const std::vector<double>& values, const std::vector<size_t>& shape);
  std::string Integers(const std::vector<int64_t>& values);
  std::string Constant(NamedTensor tensor);

  // Reshapes rows of `shape` to (batch, numbers), and back.
  std::string Flat(const std::string& rows, const Shape& shape);
  std::string Shaped(const std::string& flat, const Shape& shape);

  OnnxGraph& graph() { return graph_; }

 private:
  std::string NewName(const std::string& what);

  const ElementType dtype_;
  OnnxGraph graph_;
  std::string path_;
  size_t names_ = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_ONNX_BUILDER_H_
