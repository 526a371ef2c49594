#include <numbers>

#include "framework/plugin/drawn.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Circles : public DrawnDataset {
 public:
  static constexpr PluginInfo kInfo{
      "circles", "A circle inside a circle; scikit-learn's make_circles.",
      "class 0: (cos a, sin a), class 1: factor (cos a, sin a), a evenly in [0, 2 pi); then "
      "shuffled, then + noise n"};

  template <typename V>
  static void Fields(V& v) {
    v("points", &Circles::points, {.doc = "rows, half of each class", .min = 2, .max = 1 << 22});
    v("noise", &Circles::noise, {.doc = "standard deviation of both coordinates", .min = 0});
    v("factor", &Circles::factor,
      {.doc = "radius of the inner circle", .min = 0, .max = 1, .below_max = true});
    v("shuffle", &Circles::shuffle, {.doc = "put the rows into a random order"});
    DrawnDataset::Fields(v);
  }

  DataSplits Load(Files&) const override {
    constexpr double kTurn = 2 * std::numbers::pi;
    const auto outer = static_cast<size_t>(points / 2);
    ClassedPoints drawn;
    for (const double a : Linspace(0, kTurn, outer, false)) {
      drawn.Add(std::cos(a), std::sin(a), 0);
    }
    for (const double a : Linspace(0, kTurn, static_cast<size_t>(points) - outer, false)) {
      drawn.Add(std::cos(a) * factor, std::sin(a) * factor, 1);
    }
    const auto generator = Start();
    if (shuffle) drawn.Shuffle(*generator);
    if (noise > 0) drawn.AddNoise(noise, *generator);
    return AllToTrain(kInfo.name, std::move(drawn), 2);
  }

  int64_t points = 100;
  double noise = 0;
  double factor = 0.8;
  bool shuffle = true;
};

NABLA_PLUGIN_END(Circles)
