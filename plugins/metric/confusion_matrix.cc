#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class ConfusionMatrix : public PredictionMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "confusion_matrix",
      "The number of rows of each class by predicted class, of up to 2000 classes.",
      "M[t][c] = sum [label = t] [argmax z = c]; with a single output [z > threshold] = c"};

  // The cells of more would not fit into the memory of every machine, nor be read by anyone.
  void Check(const Shape& output, size_t classes) const override {
    constexpr size_t kMostClasses = 2000;
    PredictionMetric<T>::Check(output, classes);
    if (classes <= kMostClasses) return;
    throw InputError("a confusion matrix has at most " + std::to_string(kMostClasses) +
                     " classes, not " + std::to_string(classes) +
                     ": per_class counts the rows of each");
  }

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
    std::vector<std::pair<std::string, double>> Results() const override { return {}; }
    std::vector<NamedMatrix> Matrices() const override {
      return {{"confusion_matrix", counts_.Names(), counts_.Names(), counts_.counts()}};
    }

   private:
    ConfusionCounts counts_;
  };
};

NABLA_PLUGIN_END(ConfusionMatrix)
