#include <numbers>

#include "framework/plugin/drawn.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Moons : public DrawnDataset {
 public:
  static constexpr PluginInfo kInfo{
      "moons", "Two half circles that reach into each other; scikit-learn's make_moons.",
      "class 0: (cos a, sin a), class 1: (1 - cos a, 1/2 - sin a), a evenly from 0 to pi; then "
      "shuffled, then + noise n"};

  template <typename V>
  static void Fields(V& v) {
    v("points", &Moons::points, {.doc = "rows, half of each class", .min = 2, .max = 1 << 22});
    v("noise", &Moons::noise, {.doc = "standard deviation of both coordinates", .min = 0});
    v("shuffle", &Moons::shuffle, {.doc = "put the rows into a random order"});
    DrawnDataset::Fields(v);
  }

  DataSplits Load(Files&) const override {
    const auto outer = static_cast<size_t>(points / 2);
    ClassedPoints drawn;
    for (const double a : Linspace(0, std::numbers::pi, outer)) {
      drawn.Add(std::cos(a), std::sin(a), 0);
    }
    for (const double a : Linspace(0, std::numbers::pi, static_cast<size_t>(points) - outer)) {
      drawn.Add(1 - std::cos(a), 1 - std::sin(a) - 0.5, 1);
    }
    const auto generator = Start();
    if (shuffle) drawn.Shuffle(*generator);
    if (noise > 0) drawn.AddNoise(noise, *generator);
    return AllToTrain(kInfo.name, std::move(drawn), 2);
  }

  int64_t points = 100;
  double noise = 0;
  bool shuffle = true;
};

NABLA_PLUGIN_END(Moons)
