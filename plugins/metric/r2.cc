#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class R2 : public ValueMetric<T> {
 public:
  static constexpr PluginInfo kInfo{
      "r2", "The share of the targets' variance that the outputs explain; scikit-learn's r2_score.",
      "mean over C of 1 - sum (z - t)^2 / sum (t - mean t)^2; where all targets are equal, 1 if "
      "the outputs are too and 0 if not"};

  std::pair<double, double> Range() const override {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return {-kInfinity, 1};
  }
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<Judge>();
  }

 private:
  using Pass = typename ValueMetric<T>::Pass;

  class Judge : public Pass {
   public:
    std::vector<std::pair<std::string, double>> Results() const override {
      return {{kInfo.name, this->MeanOf([](const typename Pass::Sums& s) {
                 const double total = s.spread - s.targets * s.targets / s.rows;
                 if (total <= 0) return s.squares == 0 ? 1.0 : 0.0;
                 return 1 - s.squares / total;
               })}};
    }
  };
};

NABLA_PLUGIN_END(R2)
