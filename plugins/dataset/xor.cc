#include "framework/plugin/datasets.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Xor : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "xor", "Points in a square; the class tells whether the signs of the coordinates differ.",
      "x = p + noise n, class = [p0 < 0] xor [p1 < 0], p uniform in [-1, 1)^2"};

  template <typename V>
  static void Fields(V& v) {
    v("points", &Xor::points, {.doc = "rows to train on", .min = 1, .max = 1 << 22});
    v("test_points", &Xor::test_points, {.doc = "rows to test on", .min = 0, .max = 1 << 22});
    v("noise", &Xor::noise, {.doc = "standard deviation of both coordinates", .min = 0});
    v("seed", &Xor::seed, {.doc = "decides which points are drawn", .min = 0});
  }

  DataSplits Load(Files&) const override {
    return {kInfo.name, Draw(points, 0), Draw(test_points, 1)};
  }

  int64_t points = 1000;
  int64_t test_points = 1000;
  double noise = 0;
  int64_t seed = 0;

 private:
  Samples Draw(int64_t count, uint64_t split) const {
    const auto generator =
        MakeGenerator(RngKind::kNabla, Key(static_cast<uint64_t>(seed), {split}));
    std::vector<double> numbers;
    std::vector<int32_t> labels;
    for (int64_t i = 0; i < count; ++i) {
      double p[2];
      double off[2];
      generator->Uniform(p, -1, 1);
      generator->Normal(off, 0, noise);
      labels.push_back((p[0] < 0) != (p[1] < 0) ? 1 : 0);
      numbers.push_back(p[0] + off[0]);
      numbers.push_back(p[1] + off[1]);
    }
    return NumberSamples(std::move(numbers), std::move(labels), 2, 2);
  }
};

NABLA_PLUGIN_END(Xor)
