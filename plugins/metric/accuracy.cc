#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Accuracy : public Metric<T> {
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

  void Check(const Shape& output, size_t classes) const override {
    if (output.size() != 1 || classes != 2) Metric<T>::Check(output, classes);
  }

  std::unique_ptr<MetricPass<T>> Start(size_t classes) const override {
    return std::make_unique<Pass>(classes, threshold.value_or(0.5));
  }

  std::optional<double> threshold;

 private:
  class Pass : public MetricPass<T> {
   public:
    Pass(size_t classes, double threshold) : classes_(classes), threshold_(threshold) {}

    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      for (size_t r = 0; r < z.rows; ++r) {
        const size_t found = z.cols > 1 || classes_ != 2
                                 ? ArgMax(z.Row(r), z.cols)
                                 : static_cast<size_t>(z(r, 0) > threshold_);
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
