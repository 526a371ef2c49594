#include <numbers>

#include "framework/plugin/drawn.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class TwoSpirals : public DrawnDataset {
 public:
  static constexpr PluginInfo kInfo{
      "two_spirals", "Two spirals around each other, as many teaching texts draw them, in order.",
      "class 0: p = (noise v - a cos a, noise w + a sin a), class 1: -p; a = degrees pi / 180 "
      "sqrt(u); draws points u, then as many v, then w, all uniform in [0, 1)"};

  template <typename V>
  static void Fields(V& v) {
    v("points", &TwoSpirals::points, {.doc = "rows of each class", .min = 1, .max = 1 << 21});
    v("noise", &TwoSpirals::noise, {.doc = "largest shift of a coordinate", .min = 0});
    v("degrees", &TwoSpirals::degrees, {.doc = "angle of a spiral", .unit = "degrees"});
    DrawnDataset::Fields(v);
  }

  DataSplits Load(Files&) const override {
    const auto generator = Start();
    const std::vector<double> u = Uniforms(1, *generator);
    const std::vector<double> v = Uniforms(noise, *generator);
    const std::vector<double> w = Uniforms(noise, *generator);
    ClassedPoints drawn;
    for (const double side : {1.0, -1.0}) {
      for (size_t i = 0; i < u.size(); ++i) {
        const double a = std::sqrt(u[i]) * degrees * (2 * std::numbers::pi) / 360;
        drawn.Add(side * (-std::cos(a) * a + v[i]), side * (std::sin(a) * a + w[i]), side < 0);
      }
    }
    return AllToTrain(kInfo.name, std::move(drawn), 2);
  }

  int64_t points = 1000;
  double noise = 0.5;
  double degrees = 780;

 private:
  std::vector<double> Uniforms(double high, Generator& generator) const {
    std::vector<double> numbers(static_cast<size_t>(points));
    generator.Uniform(numbers, 0, high);
    return numbers;
  }
};

NABLA_PLUGIN_END(TwoSpirals)
