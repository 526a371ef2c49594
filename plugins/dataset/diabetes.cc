#include "framework/plugin/measured.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// Regression: the target is a number.
class Diabetes : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "diabetes",
      "How the illness of 442 patients went on, from ten measures (Efron et al. 2004); "
      "scikit-learn's load_diabetes.",
      "x = (number - m) / (s sqrt(N)) if scaled, m and s of the column; target = a number from 25 "
      "to 346"};

  template <typename V>
  static void Fields(V& v) {
    v("scaled", &Diabetes::scaled,
      {.doc = "make every column's mean 0 and its sum of squares 1, as scikit-learn does"});
    v("target_scale", &Diabetes::target_scale,
      {.doc = "divisor of the targets", .min = 0, .above_min = true});
  }

  DataSplits Load(Files&) const override {
    CsvTable table = CarriedTable(kInfo.name);
    if (scaled) Scale(table.rows, table.inputs.size(), &table.numbers);
    for (double& value : table.values) value /= target_scale;
    DataSplits splits =
        DataOf(kInfo.name, std::move(table), std::nullopt, {.task = Task::kRegression});
    if (scaled) splits.coding.clear();  // nobody has a file of such numbers
    return splits;
  }

  bool scaled = true;
  double target_scale = 1;

 private:
  static void Scale(size_t rows, size_t columns, std::vector<double>* numbers) {
    const auto count = static_cast<double>(rows);
    for (size_t c = 0; c < columns; ++c) {
      double mean = 0;
      double square = 0;
      for (size_t r = 0; r < rows; ++r) mean += (*numbers)[r * columns + c] / count;
      for (size_t r = 0; r < rows; ++r) {
        double& x = (*numbers)[r * columns + c];
        x -= mean;
        square += x * x;
      }
      for (size_t r = 0; r < rows; ++r) (*numbers)[r * columns + c] /= std::sqrt(square);
    }
  }
};

NABLA_PLUGIN_END(Diabetes)
