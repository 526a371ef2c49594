// From a data set to the rows of a batch, and sums of rows.
#ifndef NABLA_FRAMEWORK_ENGINE_ROWS_H_
#define NABLA_FRAMEWORK_ENGINE_ROWS_H_

#include <array>
#include <cstdint>
#include <span>

#include "framework/kernels/add.h"
#include "framework/model/dataset.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// x (R, I) = the inputs of rows order[0 .. R) of the data set.
template <typename T>
void GatherInputs(const Samples& samples, std::span<const uint32_t> order, Matrix<T> x);

// The input that a byte becomes is zero + above[byte]; above[0] = 0.
template <typename T>
struct ByteTable {
  std::array<T, 256> above;
  T zero;
};

template <typename T>
ByteTable<T> MakeByteTable(const Normalization& normalization);

// The targets of the same rows: labels (R) if the data set has classes, else values (R, C).
template <typename T>
void GatherTargets(const Samples& samples, std::span<const uint32_t> order, int32_t* labels,
                   Matrix<T> values);

// Whether row[label] is the first maximum of row (n). Has no branch that depends on the numbers,
// since the processor would mispredict it.
template <typename T>
bool IsFirstMaximum(const T* row, size_t n, size_t label) {
  const T value = row[label];
  unsigned beaten = 0;
  for (size_t c = 0; c < n; ++c) {
    beaten |= static_cast<unsigned>(row[c] > value) |
              (static_cast<unsigned>(row[c] == value) & static_cast<unsigned>(c < label));
  }
  return beaten == 0;
}

// y = a + b, all (R, C); y may be a or b.
template <typename T>
void AddRows(Matrix<const T> a, Matrix<const T> b, Matrix<T> y) {
  for (size_t r = 0; r < y.rows; ++r) AddSpan(a.Row(r), b.Row(r), y.Row(r), y.cols);
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_ROWS_H_
