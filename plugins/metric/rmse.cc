#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Rmse : public ValueMetric<T> {
 public:
  static constexpr PluginInfo kInfo{"rmse",
                                    "The root of the mean squared distance from the targets; "
                                    "scikit-learn's root_mean_squared_error.",
                                    "mean over C of sqrt(sum (z - t)^2 / N)"};

  std::pair<double, double> Range() const override {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return {0, kInfinity};
  }
  bool SmallerIsBetter() const override { return true; }
  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows&) const override {
    return std::make_unique<Judge>();
  }

 private:
  using Pass = typename ValueMetric<T>::Pass;

  class Judge : public Pass {
   public:
    std::vector<std::pair<std::string, double>> Results() const override {
      return {{kInfo.name, this->MeanOf([](const typename Pass::Sums& s) {
                 return std::sqrt(s.squares / s.rows);
               })}};
    }
  };
};

NABLA_PLUGIN_END(Rmse)
