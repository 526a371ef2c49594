// Putting an ONNX graph together, node by node.
#ifndef NABLA_FRAMEWORK_INFERENCE_ONNX_BUILDER_H_
#define NABLA_FRAMEWORK_INFERENCE_ONNX_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

#include "framework/formats/onnx.h"
#include "framework/tensor/shape.h"

namespace nabla {

// Values are known by their names. Rows carry the batch in front: (batch, shape).
class OnnxBuilder {
 public:
  using Attributes = std::vector<std::pair<std::string, OnnxAttribute>>;

  // All numbers become of this type: kF32 or kF64.
  explicit OnnxBuilder(ElementType dtype) : dtype_(dtype) {}

  // What new names begin with from now on.
  void Enter(std::string path) { path_ = std::move(path); }

  // Adds a node; returns its output.
  std::string Add(const std::string& op, std::vector<std::string> inputs,
                  Attributes attributes = {});
  // The same with an output of a given name.
  void AddAs(const std::string& output, const std::string& op, std::vector<std::string> inputs);

  // Constants: one number, several of a shape, whole numbers, a tensor that has a name. Tensors of
  // kF64 are rounded where kF32 is wanted.
  std::string Number(double value);
  std::string Numbers(const std::vector<double>& values, const std::vector<size_t>& shape);
  std::string Integers(const std::vector<int64_t>& values);
  std::string Constant(NamedTensor tensor);

  // Rows of `shape` as (batch, numbers), and back.
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

#endif  // NABLA_FRAMEWORK_INFERENCE_ONNX_BUILDER_H_
