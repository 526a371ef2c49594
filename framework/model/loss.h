// A loss: a number for each row, and its gradient.
#ifndef NABLA_FRAMEWORK_MODEL_LOSS_H_
#define NABLA_FRAMEWORK_MODEL_LOSS_H_

#include <cstddef>
#include <cstdint>

#include "framework/tensor/matrix.h"
#include "framework/tensor/shape.h"

namespace nabla {

// The targets of rows: one class, or one row of numbers, for each row.
template <typename T>
struct Targets {
  const int32_t* labels = nullptr;  // (R), or null
  Matrix<const T> values;           // (R, C), or empty

  // The target of output c of row r; labels count as one-hot rows.
  T Value(size_t r, size_t c) const {
    return labels == nullptr ? values(r, c) : static_cast<T>(static_cast<size_t>(labels[r]) == c);
  }

  Targets Rows(size_t begin, size_t end) const {
    return {labels == nullptr ? nullptr : labels + begin,
            values.empty() ? values : values.Rows(begin, end)};
  }
};

// Where a loss is defined; tests draw their numbers from there.
enum class LossDomain {
  kAny,
  kProbabilities,       // outputs and target values in 0 .. 1
  kProbabilityTargets,  // only the target values in 0 .. 1
};

template <typename T>
class Loss {
 public:
  using Interface = Loss;
  static constexpr const char* kKind = "loss";
  virtual ~Loss() = default;

  // Throws InputError if the loss cannot take outputs of this shape; `classes` is 0 where the data
  // set has no labels, and `values` the length of its target rows, 0 where it has none.
  virtual void Check(const Shape& output, size_t classes, size_t values) const = 0;

  // For outputs z (R, C) of some rows of a batch of `batch_rows`:
  // rows[r] = the row's own loss (the batch's loss is Weight(batch_rows) * sum of all rows) and
  // dz (R, C) = Weight(batch_rows) * d rows[r] / d z.
  virtual void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
                    Matrix<T> dz) const = 0;

  virtual LossDomain Domain() const { return LossDomain::kAny; }

  // 1 / B: the mean over the rows. Where the rows of a class count more than others, B is not
  // their number but the sum of their weights.
  virtual double Weight(double batch_rows) const { return 1.0 / batch_rows; }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_LOSS_H_
