#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class ConfusionMatrix : public Metric<T> {
 public:
  static constexpr PluginInfo kInfo{"confusion_matrix",
                                    "The number of rows of each class by predicted class.",
                                    "M[t][c] = sum [label = t] [argmax z = c]"};

  std::unique_ptr<MetricPass<T>> Start(size_t classes) const override {
    return std::make_unique<Pass>(classes);
  }

 private:
  class Pass : public MetricPass<T> {
   public:
    explicit Pass(size_t classes) : counts_(classes) {}

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
