#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class ConfusionMatrix : public PredictionMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "confusion_matrix", "The number of rows of each class by predicted class.",
      "M[t][c] = sum [label = t] [argmax z = c]; with a single output [z > threshold] = c"};

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
