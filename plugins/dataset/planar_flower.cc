#include "framework/plugin/drawn.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class PlanarFlower : public DrawnDataset {
 public:
  static constexpr PluginInfo kInfo{
      "planar_flower",
      "The flower with petals of two classes of a well-known course, load_planar_dataset, in "
      "order.",
      "x = r (sin a, cos a), a = 0.2 n + evenly from 3.12 class to 3.12 (class + 1), r = radius "
      "sin(petals a) + 0.2 n; draws for each class first all a, then all r"};

  PlanarFlower() { seed = 1; }

  template <typename V>
  static void Fields(V& v) {
    v("points", &PlanarFlower::points,
      {.doc = "rows, half of each class", .min = 2, .max = 1 << 22});
    v("radius", &PlanarFlower::radius, {.doc = "length of a petal", .min = 0});
    v("petals", &PlanarFlower::petals, {.doc = "factor on the angle in the length", .min = 0});
    DrawnDataset::Fields(v);
  }

  DataSplits Load(Files&) const override {
    constexpr double kNoise = 0.2;
    constexpr double kHalf = 3.12;  // of a turn, as the course writes it
    const auto generator = Start();
    const auto rows = static_cast<size_t>(points / 2);
    ClassedPoints drawn;
    for (int64_t c = 0; c < 2; ++c) {
      const auto first = static_cast<double>(c);
      const std::vector<double> even = Linspace(first * kHalf, (first + 1) * kHalf, rows);
      const std::vector<double> turn = Normals(rows, kNoise, *generator);
      const std::vector<double> off = Normals(rows, kNoise, *generator);
      for (size_t i = 0; i < rows; ++i) {
        const double a = even[i] + turn[i];
        const double r = radius * std::sin(petals * a) + off[i];
        drawn.Add(r * std::sin(a), r * std::cos(a), c);
      }
    }
    return AllToTrain(kInfo.name, std::move(drawn), 2);
  }

  int64_t points = 400;
  double radius = 4;
  double petals = 4;
};

NABLA_PLUGIN_END(PlanarFlower)
