// Tensors as files hold them.
#ifndef NABLA_FRAMEWORK_FORMATS_NAMED_TENSOR_H_
#define NABLA_FRAMEWORK_FORMATS_NAMED_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/tensor/matrix.h"

namespace nabla {

enum class ElementType : uint8_t { kF32, kF64, kU8, kI32, kI64 };

template <typename T>
inline constexpr ElementType kElementTypeOf = T::has_no_element_type;
template <>
inline constexpr ElementType kElementTypeOf<float> = ElementType::kF32;
template <>
inline constexpr ElementType kElementTypeOf<double> = ElementType::kF64;
template <>
inline constexpr ElementType kElementTypeOf<uint8_t> = ElementType::kU8;
template <>
inline constexpr ElementType kElementTypeOf<int32_t> = ElementType::kI32;
template <>
inline constexpr ElementType kElementTypeOf<int64_t> = ElementType::kI64;

// "F32", "F64", "U8", "I32", "I64".
const char* ElementName(ElementType type);

size_t ElementBytes(ElementType type);

// The bytes that numbers of this type and shape take; nothing if they do not fit size_t.
std::optional<size_t> TensorBytes(ElementType type, const std::vector<size_t>& shape);

// "F32 [2, 3]".
std::string TypeAndShape(ElementType type, const std::vector<size_t>& shape);

struct NamedTensor {
  std::string name;  // UTF-8
  ElementType dtype = ElementType::kF32;
  std::vector<size_t> shape;   // no dimensions: one number
  std::vector<uint8_t> bytes;  // the numbers, row-major, little-endian

  bool operator==(const NamedTensor&) const = default;
};

// Throws InputError with all problems, without a place: a name that is empty, duplicate or not
// UTF-8, or a number of bytes that does not match type and shape.
void CheckTensors(const std::vector<NamedTensor>& tensors);

// Throws InputError placed at `file` unless the tensor has this type and `count` numbers.
void CheckTensor(const NamedTensor& tensor, ElementType type, size_t count,
                 const std::string& file);

// The values without the padding between rows; the product of shape is rows * cols.
template <typename T>
NamedTensor PackTensor(std::string name, std::vector<size_t> shape, const Matrix<const T>& values) {
  NamedTensor tensor{std::move(name), kElementTypeOf<T>, std::move(shape), {}};
  const size_t row = values.cols * sizeof(T);
  tensor.bytes.resize(values.rows * row);
  for (size_t r = 0; r < values.rows && row > 0; ++r) {
    std::memcpy(tensor.bytes.data() + r * row, values.Row(r), row);
  }
  return tensor;
}

// Fills the matrix, row by row. Throws InputError placed at `file` if the type is not T or the
// count of numbers differs; then nothing is written.
template <typename T>
void UnpackTensor(const NamedTensor& tensor, const Matrix<T>& out, const std::string& file) {
  CheckTensor(tensor, kElementTypeOf<T>, out.rows * out.cols, file);
  const size_t row = out.cols * sizeof(T);
  for (size_t r = 0; r < out.rows && row > 0; ++r) {
    std::memcpy(out.Row(r), tensor.bytes.data() + r * row, row);
  }
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FORMATS_NAMED_TENSOR_H_
