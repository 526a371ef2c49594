#include "framework/plugin/drawn.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class TeachingSpirals : public DrawnDataset {
 public:
  static constexpr PluginInfo kInfo{
      "teaching_spirals",
      "The spirals of a well-known course on neural networks, one for each class, in order.",
      "x = r (sin(stretch a), cos(stretch a)), r evenly from 0 to 1, a = noise n + evenly from "
      "class sweep to (class + 1) sweep; draws points n for each class"};

  template <typename V>
  static void Fields(V& v) {
    v("points", &TeachingSpirals::points, {.doc = "rows of each class", .min = 1, .max = 1 << 20});
    v("classes", &TeachingSpirals::classes, {.doc = "number of spirals", .min = 1, .max = 1000});
    v("noise", &TeachingSpirals::noise, {.doc = "standard deviation of the angle", .min = 0});
    v("sweep", &TeachingSpirals::sweep, {.doc = "angle of a spiral", .unit = "radians"});
    v("stretch", &TeachingSpirals::stretch,
      {.doc = "factor on the angle with its noise: 2.5 in a book that took the spirals over"});
    DrawnDataset::Fields(v);
  }

  void CheckFields() const { CheckCount(points * classes, 2); }

  DataSplits Load(Files&) const override {
    const auto generator = Start();
    const auto rows = static_cast<size_t>(points);
    const std::vector<double> radius = Linspace(0, 1, rows);
    ClassedPoints drawn;
    for (int64_t c = 0; c < classes; ++c) {
      const auto first = static_cast<double>(c);
      const std::vector<double> even = Linspace(first * sweep, (first + 1) * sweep, rows);
      const std::vector<double> off = Normals(rows, noise, *generator);
      for (size_t i = 0; i < rows; ++i) {
        const double a = (even[i] + off[i]) * stretch;
        drawn.Add(radius[i] * std::sin(a), radius[i] * std::cos(a), c);
      }
    }
    return AllToTrain(kInfo.name, std::move(drawn), static_cast<size_t>(classes));
  }

  int64_t points = 100;
  int64_t classes = 3;
  double noise = 0.2;
  double sweep = 4;
  double stretch = 1;
};

NABLA_PLUGIN_END(TeachingSpirals)
