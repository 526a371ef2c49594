#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class RocAuc : public ProbabilityMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "roc_auc",
      "How well each class's output ranks its rows before the others: scikit-learn's roc_auc_score "
      "(multi_class=\"ovr\") and average_precision_score; missing where only one class "
      "has rows.",
      "roc_auc = P(p of a row of the class > p of another row), ties half; average_precision = sum "
      "over thresholds (R_n - R_n-1) P_n; the mean over the classes that have rows; of two classes "
      "those of class 1"};

  void Check(const Shape& output, size_t classes) const override {
    const bool single = output.size() == 1 && classes == 2;
    if (!single) Metric<T>::Check(output, classes);
  }
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<Pass>(this->input);
  }

 private:
  class Pass : public MetricPass<T> {
   public:
    explicit Pass(OutputKind input) : input_(input) {}

    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      // A single output keeps its order in a sigmoid.
      const bool softmax = input_ == OutputKind::kLogits && z.cols > 1;
      OwnedMatrix<T> p(softmax ? z.rows : 0, z.cols);
      if (softmax) SoftmaxRows(z, p.view());
      const Matrix<const T> scores = softmax ? p.view() : z;
      classes_.resize(z.cols);
      for (size_t r = 0; r < z.rows; ++r) {
        for (size_t c = 0; c < z.cols; ++c) {
          const size_t positive = z.cols == 1 ? 1 : c;
          const bool holds = static_cast<size_t>(targets.labels[r]) == positive;
          classes_[c].push_back({static_cast<double>(scores(r, c)), holds});
        }
      }
    }

    std::vector<std::pair<std::string, double>> Results() const override {
      double area = 0;
      double precision = 0;
      double known = 0;
      for (size_t c = classes_.size() == 2 ? 1 : 0; c < classes_.size(); ++c) {
        const std::optional<RankingCurves> curves = CurvesOf(classes_[c]);
        if (!curves) continue;
        area += curves->roc_auc;
        precision += curves->average_precision;
        ++known;
      }
      // Where no class can be told from another, the results are missing.
      if (known == 0) area = precision = std::numeric_limits<double>::quiet_NaN();
      return {{"roc_auc", area / known}, {"average_precision", precision / known}};
    }

   private:
    const OutputKind input_;
    std::vector<std::vector<RankedRow>> classes_;  // (C, N)
  };
};

NABLA_PLUGIN_END(RocAuc)
