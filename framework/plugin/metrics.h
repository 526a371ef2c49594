// What metrics of class probabilities share.
#ifndef NABLA_FRAMEWORK_PLUGIN_METRICS_H_
#define NABLA_FRAMEWORK_PLUGIN_METRICS_H_

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/fields.h"
#include "framework/kernels/rows.h"
#include "framework/model/metric.h"
#include "framework/model/output_kind.h"
#include "framework/model/ranking.h"
#include "framework/tensor/storage.h"

namespace nabla {

// The two kinds of outputs that `input` can name.
template <>
struct EnumNames<OutputKind> {
  static constexpr std::pair<OutputKind, const char*> kNames[] = {
      {OutputKind::kLogits, "logits"}, {OutputKind::kProbabilities, "probabilities"}};
};

// A metric of probabilities p (R, C) with one class per row.
template <typename T>
class ProbabilityMetric : public Metric<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("input", &ProbabilityMetric::input,
      {.doc = "what the last layer gives; logits (or logarithms) go through a softmax first"});
  }

  OutputKind input = OutputKind::kLogits;

 protected:
  class Pass : public MetricPass<T> {
   public:
    explicit Pass(OutputKind input) : input_(input) {}

    // A single output means class 1: the logits of both classes are 0 and z, their probabilities
    // 1 - z and z.
    void Add(Matrix<const T> z, const Targets<T>& targets) final {
      if (z.cols == 1) {
        OwnedMatrix<T> both(z.rows, 2);
        for (size_t r = 0; r < z.rows; ++r) {
          both.view()(r, 0) = input_ == OutputKind::kLogits ? T{0} : 1 - z(r, 0);
          both.view()(r, 1) = z(r, 0);
        }
        return Add(both.view(), targets);
      }
      if (input_ == OutputKind::kProbabilities) {
        AddProbabilities(z, targets.labels);
        return;
      }
      OwnedMatrix<T> p(z.rows, z.cols);
      SoftmaxRows(z, p.view());
      AddProbabilities(p.view(), targets.labels);
    }

   protected:
    virtual void AddProbabilities(Matrix<const T> p, const int32_t* labels) = 0;

   private:
    const OutputKind input_;
  };
};

// What sums over all rows say of one output's values z and targets t.
struct ValueSums {
  double rows = 0;
  double first = 0;      // t of the first row, from which others are measured
  double distances = 0;  // sum |z - t|
  double squares = 0;    // sum (z - t)^2
  double targets = 0;    // sum (t - first)
  double spread = 0;     // sum (t - first)^2

  void Add(double z, double t) {
    if (rows == 0) first = t;
    rows += 1;
    distances += std::abs(z - t);
    squares += (z - t) * (z - t);
    targets += t - first;
    spread += (t - first) * (t - first);
  }
};

// A metric of outputs z (R, C) and target values t (R, C); classes count as one-hot rows. A plugin
// gives static double Of(const ValueSums&) for one output; the metric is the mean over C. An error
// unless the plugin says otherwise: 0 or more, and the smaller the better.
template <typename T, template <typename> class Plugin>
class ValueMetric : public Metric<T> {
 public:
  void Check(const Shape& output, size_t classes) const override {
    if (classes > 0) Metric<T>::Check(output, classes);
  }
  std::pair<double, double> Range() const override {
    return {0, std::numeric_limits<double>::infinity()};
  }
  bool SmallerIsBetter() const override { return true; }
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const final {
    return std::make_unique<Pass>();
  }

 private:
  class Pass : public MetricPass<T> {
   public:
    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      sums_.resize(z.cols);
      for (size_t r = 0; r < z.rows; ++r) {
        for (size_t c = 0; c < z.cols; ++c) {
          sums_[c].Add(static_cast<double>(z(r, c)), static_cast<double>(targets.Value(r, c)));
        }
      }
    }

    std::vector<std::pair<std::string, double>> Results() const override {
      double sum = 0;
      for (const ValueSums& s : sums_) sum += Plugin<T>::Of(s);
      return {{Plugin<T>::kInfo.name, sum / static_cast<double>(sums_.size())}};
    }

   private:
    std::vector<ValueSums> sums_;  // (C)
  };
};

// The class that a row of n outputs says: the first maximum, or for two classes with a single
// output whether it is above the threshold.
template <typename T>
size_t PredictedClass(const T* z, size_t n, size_t classes, double threshold) {
  const bool binary = n == 1 && classes == 2;
  return binary ? static_cast<size_t>(static_cast<double>(*z) > threshold) : ArgMax(z, n);
}

// A metric of predicted classes: of an output for each class, or a single one for two.
template <typename T>
class PredictionMetric : public Metric<T> {
 public:
  void Check(const Shape& output, size_t classes) const override {
    if (output.size() != 1 || classes != 2) Metric<T>::Check(output, classes);
  }
};

// Counts of rows by their class (first index) and the predicted class.
class ConfusionCounts {
 public:
  explicit ConfusionCounts(const EvaluatedRows& rows)
      : classes_(rows.classes),
        threshold_(rows.threshold),
        meaning_(rows.meaning),
        counts_(rows.classes * rows.classes) {}

  template <typename T>
  void Add(Matrix<const T> z, const int32_t* labels) {
    for (size_t r = 0; r < z.rows; ++r) {
      counts_[static_cast<size_t>(labels[r]) * classes_ +
              PredictedClass(z.Row(r), z.cols, classes_, threshold_)] += 1;
    }
  }

  size_t classes() const { return classes_; }
  double operator()(size_t truth, size_t predicted) const {
    return counts_[truth * classes_ + predicted];
  }
  const std::vector<double>& counts() const { return counts_; }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (size_t c = 0; c < classes_; ++c) names.push_back(meaning_.ClassName(c));
    return names;
  }

 private:
  size_t classes_;
  double threshold_;
  TargetMeaning meaning_;
  std::vector<double> counts_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_METRICS_H_
