#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Accuracy : public Metric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "accuracy", "The fraction of rows whose largest output is that of the right class.",
      "sum [argmax z = label] / N; the first of equal maxima counts"};

  std::unique_ptr<MetricPass<T>> Start(size_t) const override { return std::make_unique<Pass>(); }

 private:
  class Pass : public MetricPass<T> {
   public:
    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      for (size_t r = 0; r < z.rows; ++r) {
        right_ += ArgMax(z.Row(r), z.cols) == static_cast<size_t>(targets.labels[r]);
      }
      rows_ += z.rows;
    }
    std::vector<std::pair<std::string, double>> Results() const override {
      return {{"accuracy", static_cast<double>(right_) / static_cast<double>(rows_)}};
    }

   private:
    size_t right_ = 0;
    size_t rows_ = 0;
  };
};

NABLA_PLUGIN_END(Accuracy)
