#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Accuracy : public PredictionMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "accuracy", "The fraction of rows whose largest output is that of the right class.",
      "sum [argmax z = label] / N; the first of equal maxima counts; with a single output "
      "sum [[z > threshold] = label] / N"};

  template <typename V>
  static void Fields(V& v) {
    v("threshold", &Accuracy::threshold,
      {.doc = "above which a single output means class 1; 0.5 if left out, 0 with the loss "
              "bce_with_logits"});
  }

  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows& rows) const override {
    return std::make_unique<Pass>(rows.classes, threshold.value_or(rows.threshold));
  }

  std::optional<double> threshold;

 private:
  class Pass : public MetricPass<T> {
   public:
    Pass(size_t classes, double threshold) : classes_(classes), threshold_(threshold) {}

    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      for (size_t r = 0; r < z.rows; ++r) {
        const size_t found = PredictedClass(z.Row(r), z.cols, classes_, threshold_);
        right_ += found == static_cast<size_t>(targets.labels[r]);
      }
      rows_ += z.rows;
    }
    std::vector<std::pair<std::string, double>> Results() const override {
      return {{"accuracy", static_cast<double>(right_) / static_cast<double>(rows_)}};
    }

   private:
    const size_t classes_;
    const double threshold_;
    size_t right_ = 0;
    size_t rows_ = 0;
  };
};

NABLA_PLUGIN_END(Accuracy)
