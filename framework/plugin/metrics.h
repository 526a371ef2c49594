// What metrics of class probabilities share.
#ifndef NABLA_FRAMEWORK_PLUGIN_METRICS_H_
#define NABLA_FRAMEWORK_PLUGIN_METRICS_H_

#include <string>
#include <utility>
#include <vector>

#include "framework/config/fields.h"
#include "framework/kernels/rows.h"
#include "framework/model/metric.h"
#include "framework/model/output_kind.h"
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

    void Add(Matrix<const T> z, const Targets<T>& targets) final {
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

// Counts of rows by their class (first index) and the predicted class.
class ConfusionCounts {
 public:
  explicit ConfusionCounts(size_t classes) : classes_(classes), counts_(classes * classes) {}

  template <typename T>
  void Add(Matrix<const T> z, const int32_t* labels) {
    for (size_t r = 0; r < z.rows; ++r) {
      counts_[static_cast<size_t>(labels[r]) * classes_ + ArgMax(z.Row(r), z.cols)] += 1;
    }
  }

  size_t classes() const { return classes_; }
  double operator()(size_t truth, size_t predicted) const {
    return counts_[truth * classes_ + predicted];
  }
  const std::vector<double>& counts() const { return counts_; }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (size_t c = 0; c < classes_; ++c) names.push_back(std::to_string(c));
    return names;
  }

 private:
  size_t classes_;
  std::vector<double> counts_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_METRICS_H_
