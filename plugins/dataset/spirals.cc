#include "framework/plugin/datasets.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Spirals : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "spirals", "Points on spirals around a common centre; the class is the arm.",
      "x = (t cos a, t sin a) + noise n, a = 2 pi (arm / arms + turns t), t uniform in [inner, 1)"};

  template <typename V>
  static void Fields(V& v) {
    v("arms", &Spirals::arms,
      {.doc = "number of spirals, each its own class", .min = 1, .max = 1000});
    v("points", &Spirals::points, {.doc = "rows to train on", .min = 1, .max = 1 << 22});
    v("test_points", &Spirals::test_points, {.doc = "rows to test on", .min = 0, .max = 1 << 22});
    v("turns", &Spirals::turns,
      {.doc = "turns of each arm around the centre", .min = 0, .max = 100});
    v("inner", &Spirals::inner,
      {.doc = "radius at which the arms begin, where they are closest", .min = 0, .max = 1});
    v("noise", &Spirals::noise, {.doc = "standard deviation of both coordinates", .min = 0});
    v("seed", &Spirals::seed, {.doc = "decides which points are drawn", .min = 0});
  }

  DataSplits Load(Files&) const override {
    return {kInfo.name, Draw(points, 0), Draw(test_points, 1)};
  }

  int64_t arms = 2;
  int64_t points = 2000;
  int64_t test_points = 1000;
  double turns = 1.5;
  double inner = 0.1;
  double noise = 0.02;
  int64_t seed = 0;

 private:
  // The arms take turns, so that classes are equally frequent.
  Samples Draw(int64_t count, uint64_t split) const {
    constexpr double kPi = 3.14159265358979323846;
    const auto generator =
        MakeGenerator(RngKind::kNabla, Key(static_cast<uint64_t>(seed), {split}));
    std::vector<double> numbers;
    std::vector<int32_t> labels;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t arm = i % arms;
      double t = 0;
      double off[2];
      generator->Uniform(std::span<double>(&t, 1), inner, 1);
      generator->Normal(off, 0, noise);
      const double angle =
          2 * kPi * (static_cast<double>(arm) / static_cast<double>(arms) + turns * t);
      numbers.push_back(t * SinOf(angle + kPi / 2) + off[0]);
      numbers.push_back(t * SinOf(angle) + off[1]);
      labels.push_back(static_cast<int32_t>(arm));
    }
    return NumberSamples(std::move(numbers), std::move(labels), 2, static_cast<size_t>(arms));
  }
};

NABLA_PLUGIN_END(Spirals)
