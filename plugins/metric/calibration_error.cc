#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class CalibrationError : public ProbabilityMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "calibration_error", "Expected calibration error (Guo et al. 2017).",
      "rows sorted by max p into bins of equal width; sum over bins of |right - sum of max p| / N; "
      "one output for two classes is that of class 1"};

  template <typename V>
  static void Fields(V& v) {
    v("bins", &CalibrationError::bins, {.doc = "number of equal bins between 0 and 1", .min = 1});
    ProbabilityMetric<T>::Fields(v);
  }

  void Check(const Shape& output, size_t classes) const override {
    const bool single = output.size() == 1 && classes == 2;
    if (!single) Metric<T>::Check(output, classes);
  }
  bool SmallerIsBetter() const override { return true; }
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<CalibrationPass>(this->input, static_cast<size_t>(bins));
  }

  int64_t bins = 15;

 private:
  class CalibrationPass : public ProbabilityMetric<T>::Pass {
   public:
    CalibrationPass(OutputKind input, size_t bins)
        : ProbabilityMetric<T>::Pass(input), gaps_(bins) {}

    std::vector<std::pair<std::string, double>> Results() const override {
      double sum = 0;
      for (const double gap : gaps_) sum += std::abs(gap);
      return {{"calibration_error", sum / static_cast<double>(rows_)}};
    }

   protected:
    void AddProbabilities(Matrix<const T> p, const int32_t* labels) override {
      const double count = static_cast<double>(gaps_.size());
      for (size_t r = 0; r < p.rows; ++r) {
        const size_t top = ArgMax(p.Row(r), p.cols);
        const double confidence = static_cast<double>(p(r, top));
        // Bins are open below: 0.2 of 5 bins is in the first one.
        const double bin = std::min(count - 1, std::max(0.0, std::ceil(confidence * count) - 1));
        gaps_[static_cast<size_t>(bin)] +=
            (top == static_cast<size_t>(labels[r]) ? 1 : 0) - confidence;
      }
      rows_ += p.rows;
    }

   private:
    std::vector<double> gaps_;  // per bin: right rows minus their confidence
    size_t rows_ = 0;
  };
};

NABLA_PLUGIN_END(CalibrationError)
