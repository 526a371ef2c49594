// Views of row-major matrices and of the rows of a batch.
#ifndef NABLA_FRAMEWORK_TENSOR_MATRIX_H_
#define NABLA_FRAMEWORK_TENSOR_MATRIX_H_

#include <cstddef>
#include <type_traits>

namespace nabla {

// A rows x cols window on row-major memory; row r starts at data + r * stride, stride >= cols.
// Owns nothing. Matrix<const T> is read-only, and Matrix<T> converts to it.
template <typename T>
struct Matrix {
  T* data = nullptr;
  size_t rows = 0;
  size_t cols = 0;
  size_t stride = 0;

  T* Row(size_t r) const { return data + r * stride; }
  T& operator()(size_t r, size_t c) const { return data[r * stride + c]; }
  bool empty() const { return data == nullptr; }

  // Rows [begin, end).
  Matrix Rows(size_t begin, size_t end) const { return {Row(begin), end - begin, cols, stride}; }
  // Columns [begin, end).
  Matrix Cols(size_t begin, size_t end) const { return {data + begin, rows, end - begin, stride}; }

  operator Matrix<const T>() const requires(!std::is_const_v<T>) {
    return {data, rows, cols, stride};
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TENSOR_MATRIX_H_
