// How a layer or an activation says what it computes in ONNX, operator set 13
// (https://onnx.ai/onnx/operators).
#ifndef NABLA_FRAMEWORK_MODEL_ONNX_NODES_H_
#define NABLA_FRAMEWORK_MODEL_ONNX_NODES_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/formats/onnx_attribute.h"
#include "framework/tensor/shape.h"

namespace nabla {

// The nodes of one layer. Values are identified by name; the first dimension of rows is the batch:
// (batch, shape). Every function returns the name of the value that it makes, and throws InputError
// for what would make a graph that is none.
class OnnxNodes {
 public:
  // An integer, a real number (which ONNX keeps as a float), a text, or several numbers.
  struct Attribute {
    Attribute(std::integral auto number) : value(static_cast<int64_t>(number)) {}
    Attribute(std::floating_point auto number) : value(static_cast<float>(number)) {}
    Attribute(const char* text) : value(std::string(text)) {}
    Attribute(std::string text) : value(std::move(text)) {}
    Attribute(std::vector<int64_t> numbers) : value(std::move(numbers)) {}
    Attribute(std::vector<float> numbers) : value(std::move(numbers)) {}
    OnnxAttribute value;
  };
  using Attributes = std::vector<std::pair<std::string, Attribute>>;
  virtual ~OnnxNodes() = default;

  // Of one row of the layer.
  virtual const Shape& input() const = 0;
  virtual const Shape& output() const = 0;

  // A node with one output: Add("Clip", {x, low, high}), Add("Elu", {x}, {{"alpha", 0.5}}).
  virtual std::string Add(const std::string& op, std::vector<std::string> inputs,
                          Attributes attributes) = 0;
  std::string Add(const std::string& op, std::vector<std::string> inputs) {
    return Add(op, std::move(inputs), {});
  }

  // Constants in the number type of the graph: one number, and numbers in row-major
  // order.
  virtual std::string Number(double value) = 0;
  virtual std::string Numbers(const std::vector<double>& values,
                              const std::vector<size_t>& shape) = 0;
  // A list of integers, such as the axes of ReduceSum.
  virtual std::string Integers(const std::vector<int64_t>& values) = 0;
  // The trained numbers of a parameter by the name that Declare gave it, in a shape of that many.
  virtual std::string Parameter(const std::string& name, const std::vector<size_t>& shape) = 0;

  // Reshapes rows of `shape` to (batch, numbers), and back.
  virtual std::string Flat(const std::string& rows, const Shape& shape) = 0;
  virtual std::string Shaped(const std::string& flat, const Shape& shape) = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_ONNX_NODES_H_
