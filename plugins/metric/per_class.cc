#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class PerClass : public PredictionMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "per_class", "Precision, recall and F1 of every class, and their plain means.",
      "precision = right / predicted, recall = right / rows of the class, F1 = 2 right / "
      "(predicted + rows of the class); 0 where the divisor is 0"};

  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows& rows) const override {
    return std::make_unique<Pass>(rows);
  }

 private:
  class Pass : public MetricPass<T> {
   public:
    explicit Pass(const EvaluatedRows& rows) : counts_(rows) {}

    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      counts_.Add(z, targets.labels);
    }

    std::vector<std::pair<std::string, double>> Results() const override {
      const std::vector<double> table = Table();
      double means[3] = {};
      for (size_t i = 0; i < table.size(); ++i) {
        if (i % 4 < 3) means[i % 4] += table[i] / static_cast<double>(counts_.classes());
      }
      return {{"precision", means[0]}, {"recall", means[1]}, {"f1", means[2]}};
    }

    std::vector<NamedMatrix> Matrices() const override {
      return {{"per_class", counts_.Names(), {"precision", "recall", "f1", "rows"}, Table()}};
    }

   private:
    static double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

    std::vector<double> Table() const {
      std::vector<double> table;
      for (size_t k = 0; k < counts_.classes(); ++k) {
        double predicted = 0;
        double rows = 0;
        for (size_t c = 0; c < counts_.classes(); ++c) {
          predicted += counts_(c, k);
          rows += counts_(k, c);
        }
        const double right = counts_(k, k);
        table.insert(table.end(), {Ratio(right, predicted), Ratio(right, rows),
                                   Ratio(2 * right, predicted + rows), rows});
      }
      return table;
    }

    ConfusionCounts counts_;
  };
};

NABLA_PLUGIN_END(PerClass)
