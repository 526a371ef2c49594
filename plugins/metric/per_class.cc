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
  // Of one class.
  struct Counts {
    double rows = 0;
    double predicted = 0;
    double right = 0;
  };

  // A matrix of all pairs of classes would be large where there are many.
  class Pass : public MetricPass<T> {
   public:
    explicit Pass(const EvaluatedRows& rows) : rows_(rows), counts_(rows.classes) {}

    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      for (size_t r = 0; r < z.rows; ++r) {
        const auto truth = static_cast<size_t>(targets.labels[r]);
        const size_t found = PredictedClass(z.Row(r), z.cols, counts_.size(), rows_.threshold);
        counts_[truth].rows += 1;
        counts_[found].predicted += 1;
        if (found == truth) counts_[truth].right += 1;
      }
    }

    std::vector<std::pair<std::string, double>> Results() const override {
      const std::vector<double> table = Table();
      double means[3] = {};
      for (size_t i = 0; i < table.size(); ++i) {
        if (i % 4 < 3) means[i % 4] += table[i] / static_cast<double>(counts_.size());
      }
      return {{"precision", means[0]}, {"recall", means[1]}, {"f1", means[2]}};
    }

    std::vector<NamedMatrix> Matrices() const override {
      std::vector<std::string> names;
      for (size_t c = 0; c < counts_.size(); ++c) names.push_back(rows_.meaning.ClassName(c));
      return {{"per_class", std::move(names), {"precision", "recall", "f1", "rows"}, Table()}};
    }

   private:
    static double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

    std::vector<double> Table() const {
      std::vector<double> table;
      for (const Counts& c : counts_) {
        table.insert(table.end(), {Ratio(c.right, c.predicted), Ratio(c.right, c.rows),
                                   Ratio(2 * c.right, c.predicted + c.rows), c.rows});
      }
      return table;
    }

    const EvaluatedRows rows_;
    std::vector<Counts> counts_;  // (C)
  };
};

NABLA_PLUGIN_END(PerClass)
