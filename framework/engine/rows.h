// From a data set to the rows of a batch, and sums of rows.
#ifndef NABLA_FRAMEWORK_ENGINE_ROWS_H_
#define NABLA_FRAMEWORK_ENGINE_ROWS_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "framework/base/error.h"
#include "framework/kernels/add.h"
#include "framework/model/dataset.h"
#include "framework/model/loss.h"
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

// Whether a single output stands for two classes. A loss then takes the labels 0 and 1 as numbers.
inline bool IsBinary(const Shape& output, size_t classes) {
  return classes == 2 && output.size() == 1;
}

// Throws what the loss does if it cannot take outputs of this shape.
template <typename T>
void CheckLoss(const Loss<T>& loss, const Shape& output, size_t classes, size_t values) {
  if (IsBinary(output, classes)) {
    try {
      return loss.Check(output, 0, 1);
    } catch (const InputError&) {
      // What it says of classes is what the user must know.
    }
  }
  loss.Check(output, classes, values);
}

// The inputs (N, I) of all rows as a training of type T gets them.
template <typename T>
std::vector<double> InputsAs(const Samples& samples);

// The same rows with those inputs, which are not normalised again.
template <typename T>
Samples HoldInputsAs(const Samples& samples);

// The targets of the same rows: labels (R) if the data set has classes, else values (R, C). Values
// (R, 1) get the labels, too.
template <typename T>
void GatherTargets(const Samples& samples, std::span<const uint32_t> order, int32_t* labels,
                   Matrix<T> values);

// How much a row of the data set counts in the loss: its own weight times that of its class.
// `class_weights` are one for each class, or empty.
inline double RowWeight(const Samples& samples, size_t row, std::span<const double> class_weights) {
  const double own = samples.weights.empty() ? 1 : samples.weights[row];
  if (class_weights.empty()) return own;
  return own * class_weights[static_cast<size_t>(samples.labels[row])];
}

// The sum of the weights of rows order[0 .. R), in this order: R if all count the same.
double WeightOf(const Samples& samples, std::span<const uint32_t> order,
                std::span<const double> class_weights);

// The loss of rows whose weighted losses have this sum, and whose weights have that one: 0 where no
// row counts.
template <typename T>
double MeanLoss(const Loss<T>& loss, double weight, double sum) {
  return weight == 0 && sum == 0 ? 0 : loss.Weight(weight) * sum;
}

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

// Whether a single output says class 1 where the label is 1, and class 0 where it is 0.
template <typename T>
bool IsRight(T output, size_t label, double threshold) {
  return (static_cast<double>(output) > threshold ? 1u : 0u) == label;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_ROWS_H_
