// The shape of one row: (features) or (channels, height, width).
#ifndef NABLA_FRAMEWORK_TENSOR_SHAPE_H_
#define NABLA_FRAMEWORK_TENSOR_SHAPE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace nabla {

struct Shape {
  std::vector<size_t> dims;

  // Numbers in a row; the batch is not part of a shape.
  size_t size() const {
    size_t product = 1;
    for (const size_t dim : dims) product *= dim;
    return product;
  }
  // "784" or "1x28x28".
  std::string ToString() const {
    std::string text;
    for (const size_t dim : dims) text += (text.empty() ? "" : "x") + std::to_string(dim);
    return text;
  }
  bool operator==(const Shape&) const = default;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TENSOR_SHAPE_H_
