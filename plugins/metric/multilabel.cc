#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Multilabel : public Metric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "multilabel",
      "How many labels and rows are right where each output says whether its label holds: "
      "scikit-learn's accuracy_score and f1_score(average=\"micro\"), Keras' BinaryAccuracy.",
      "h = [z > threshold]; subset_accuracy = sum over rows [h = t] / N, binary_accuracy = sum [h "
      "= t] / (N C), f1_micro = 2 sum h t / (sum h + sum t), 0 where that divisor is 0"};

  void Check(const Shape& output, size_t classes) const override {
    if (classes > 0) Metric<T>::Check(output, classes);  // classes count as one-hot rows
  }
  bool CountsLabels() const override { return true; }
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows& rows) const override {
    return std::make_unique<Pass>(rows);
  }

 private:
  class Pass : public MetricPass<T> {
   public:
    explicit Pass(const EvaluatedRows& rows) : known_(rows) {}

    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      labels_.resize(z.cols);
      for (size_t r = 0; r < z.rows; ++r) {
        bool whole = true;
        for (size_t c = 0; c < z.cols; ++c) {
          const bool says = static_cast<double>(z(r, c)) > known_.threshold;
          const bool holds = targets.Value(r, c) > T{0.5};
          labels_[c].said += says;
          labels_[c].held += holds;
          labels_[c].both += says && holds;
          whole = whole && says == holds;
        }
        whole_rows_ += whole;
      }
      rows_ += static_cast<double>(z.rows);
    }

    std::vector<std::pair<std::string, double>> Results() const override {
      Counts all;
      for (const Counts& label : labels_) {
        all.said += label.said;
        all.held += label.held;
        all.both += label.both;
      }
      const double cells = rows_ * static_cast<double>(labels_.size());
      const double wrong = all.said + all.held - 2 * all.both;
      return {{"subset_accuracy", Ratio(whole_rows_, rows_)},
              {"binary_accuracy", Ratio(cells - wrong, cells)},
              {"f1_micro", Ratio(2 * all.both, all.said + all.held)}};
    }

    std::vector<NamedMatrix> Matrices() const override {
      NamedMatrix table{"per_label", {}, {"precision", "recall", "f1", "rows"}, {}};
      for (size_t c = 0; c < labels_.size(); ++c) {
        const auto& [said, held, both] = labels_[c];
        const std::vector<std::string>& names = known_.meaning.values;
        table.row_names.push_back(c < names.size() ? names[c] : known_.meaning.ClassName(c));
        table.values.insert(table.values.end(), {Ratio(both, said), Ratio(both, held),
                                                 Ratio(2 * both, said + held), held});
      }
      return {table};
    }

   private:
    // Rows of which the model says that the label holds, of which it does, and both.
    struct Counts {
      double said = 0;
      double held = 0;
      double both = 0;
    };

    static double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

    const EvaluatedRows known_;
    std::vector<Counts> labels_;  // (C)
    double whole_rows_ = 0;
    double rows_ = 0;
  };
};

NABLA_PLUGIN_END(Multilabel)
