#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Brier : public ProbabilityMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "brier", "How far the probabilities are from the classes (Brier 1950).",
      "sum over rows and C of (p - onehot(label))^2 / N; 0 is perfect, 2 the worst; one output "
      "for two classes is that of class 1"};

  void Check(const Shape& output, size_t classes) const override {
    const bool single = output.size() == 1 && classes == 2;
    if (!single) Metric<T>::Check(output, classes);
  }
  std::pair<double, double> Range() const override { return {0, 2}; }
  bool SmallerIsBetter() const override { return true; }
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<BrierPass>(this->input);
  }

 private:
  class BrierPass : public ProbabilityMetric<T>::Pass {
   public:
    using ProbabilityMetric<T>::Pass::Pass;

    std::vector<std::pair<std::string, double>> Results() const override {
      return {{"brier", sum_ / static_cast<double>(rows_)}};
    }

   protected:
    void AddProbabilities(Matrix<const T> p, const int32_t* labels) override {
      for (size_t r = 0; r < p.rows; ++r) {
        for (size_t c = 0; c < p.cols; ++c) {
          const double target = static_cast<size_t>(labels[r]) == c ? 1 : 0;
          const double distance = static_cast<double>(p(r, c)) - target;
          sum_ += distance * distance;
        }
      }
      rows_ += p.rows;
    }

   private:
    double sum_ = 0;
    size_t rows_ = 0;
  };
};

NABLA_PLUGIN_END(Brier)
