// The metric `my_plugin`: one or more results of a whole pass over evaluated rows.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MyPlugin : public Metric<T> {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{"my_plugin", "The fraction of rows that are misclassified.",
                                    "sum [argmax z != label] / N"};

  // The least and the greatest possible result.
  std::pair<double, double> Range() const override { return {0, 1}; }

  std::unique_ptr<MetricPass<T>> Start(const EvaluatedRows& /*rows*/) const override {
    return std::make_unique<Pass>();
  }

 private:
  // One pass over the data. It holds all counts; the metric itself holds none.
  class Pass : public MetricPass<T> {
   public:
    // Outputs z (R, C) of some rows. The results must not depend on how the rows are divided.
    void Add(Matrix<const T> z, const Targets<T>& targets) override {
      for (size_t r = 0; r < z.rows; ++r) {
        wrong_ += ArgMax(z.Row(r), z.cols) != static_cast<size_t>(targets.labels[r]);
      }
      rows_ += z.rows;
    }
    // Names, which the metrics files show, and values.
    std::vector<std::pair<std::string, double>> Results() const override {
      return {{kInfo.name, static_cast<double>(wrong_) / static_cast<double>(rows_)}};
    }

   private:
    size_t wrong_ = 0;
    size_t rows_ = 0;
  };
};

NABLA_PLUGIN_END(MyPlugin)
