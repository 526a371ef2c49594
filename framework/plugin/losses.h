// What losses have in common: checks of shapes, reductions, and the loop over elements.
#ifndef NABLA_FRAMEWORK_PLUGIN_LOSSES_H_
#define NABLA_FRAMEWORK_PLUGIN_LOSSES_H_

#include <string>
#include <utility>

#include "framework/base/error.h"
#include "framework/config/fields.h"
#include "framework/model/loss.h"

namespace nabla {

// "1 output", "3 outputs", "8x14x14 outputs".
inline std::string Outputs(const Shape& output) {
  return output.ToString() + (output.size() == 1 ? " output" : " outputs");
}

// How the rows of a batch become one number.
enum class RowReduction { kMean, kSum };
// How the elements (B, C) of a batch become one number: their mean, their sum, or sums over a row
// averaged over rows.
enum class Reduction { kMean, kSumClasses, kSum };

template <>
struct EnumNames<RowReduction> {
  static constexpr std::pair<RowReduction, const char*> kNames[] = {{RowReduction::kMean, "mean"},
                                                                    {RowReduction::kSum, "sum"}};
};

template <>
struct EnumNames<Reduction> {
  static constexpr std::pair<Reduction, const char*> kNames[] = {
      {Reduction::kMean, "mean"},
      {Reduction::kSumClasses, "sum_classes"},
      {Reduction::kSum, "sum"},
      {Reduction::kSumClasses, "batchmean"}};  // PyTorch's name for it
};

// A loss of rows of C numbers with one class each.
template <typename T>
class ClassLoss : public Loss<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("reduction", &ClassLoss::reduction, {.doc = "mean or sum over rows"});
  }

  void Check(const Shape& output, size_t classes, size_t) const override {
    if (classes == 0) throw InputError("this loss needs class labels; the data set has none");
    if (output.size() != classes) {
      throw InputError("the last layer gives " + Outputs(output) + ", but the data set has " +
                       std::to_string(classes) + (classes == 1 ? " class" : " classes"));
    }
  }

  double Weight(double batch_rows) const override {
    return reduction == RowReduction::kSum ? 1 : Loss<T>::Weight(batch_rows);
  }

  RowReduction reduction = RowReduction::kMean;
};

// A loss of one output against one target, and its derivative with respect to the output.
struct LossPoint {
  double value = 0;
  double slope = 0;
};

// A loss that is a sum over the elements of a row; classes count as one-hot rows. Derived has
//   LossPoint At(double z, double t) const
template <class Derived, typename T>
class ElementLoss : public Loss<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("reduction", &ElementLoss::reduction,
      {.doc = "mean of all numbers; sum_classes (batchmean): sums over C, mean over rows; or sum"});
  }

  void Check(const Shape& output, size_t classes, size_t values) const override {
    const size_t wanted = classes > 0 ? classes : values;
    if (output.size() != wanted) {
      throw InputError("the last layer gives " + Outputs(output) + ", but the targets have " +
                       std::to_string(wanted));
    }
  }

  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    const double share = reduction == Reduction::kMean ? 1 / static_cast<double>(z.cols) : 1;
    const double weight = this->Weight(static_cast<double>(batch_rows)) * share;
    for (size_t r = 0; r < z.rows; ++r) {
      double sum = 0;
      for (size_t c = 0; c < z.cols; ++c) {
        const LossPoint point = static_cast<const Derived*>(this)->At(
            static_cast<double>(z(r, c)), static_cast<double>(targets.Value(r, c)));
        sum += point.value;
        dz(r, c) = static_cast<T>(weight * point.slope);
      }
      rows[r] = sum * share;
    }
  }

  double Weight(double batch_rows) const override {
    return reduction == Reduction::kSum ? 1 : Loss<T>::Weight(batch_rows);
  }

  Reduction reduction = Reduction::kMean;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_LOSSES_H_
