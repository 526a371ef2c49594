// The data set `my_plugin`: rows of numbers, each with a class. For data sets in files, see
// plugins/dataset/csv.cc (files.ReadUnpacked and ParseCsv) or plugins/dataset/mnist.cc (images).
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class MyPlugin : public Dataset {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{"my_plugin", "Points in a square; class 1 is inside a circle.",
                                    "label = [x^2 + y^2 < 2 / pi], x and y uniform in -1 .. 1"};

  // What a user may set; defaults are below. Leave Fields out if there is nothing to set.
  template <typename V>
  static void Fields(V& v) {
    v("seed", &MyPlugin::seed, {.doc = "decides which points are drawn", .min = 0});
    v("train", &MyPlugin::train, {.doc = "rows to train on", .min = 1, .max = 1 << 20});
    v("test", &MyPlugin::test, {.doc = "rows to test on", .min = 0, .max = 1 << 20});
  }

  DataSplits Load(Files&) const override {
    const auto generator = MakeGenerator(RngKind::kNabla, static_cast<uint64_t>(seed));
    const Samples to_train = Draw(static_cast<size_t>(train), *generator);
    return {kInfo.name, to_train, Draw(static_cast<size_t>(test), *generator)};
  }

  int64_t seed = 0;
  int64_t train = 1000;
  int64_t test = 200;

 private:
  struct Points {
    std::vector<double> numbers;  // (N, 2)
    std::vector<int32_t> labels;  // (N)
  };

  static Samples Draw(size_t count, Generator& generator) {
    constexpr double kHalfTheSquare = 0.63661977236758134308;  // 2 / pi, the circle's radius^2
    const auto points = std::make_shared<Points>();
    points->numbers.resize(2 * count);
    generator.Uniform(points->numbers, -1, 1);
    for (size_t n = 0; n < count; ++n) {
      const double x = points->numbers[2 * n];
      const double y = points->numbers[2 * n + 1];
      points->labels.push_back(x * x + y * y < kHalfTheSquare ? 1 : 0);
    }
    // The spans in Samples refer to `points`; keep_alive owns it.
    return {.count = count,
            .shape = {{2}},
            .numbers = points->numbers,
            .classes = 2,
            .labels = points->labels,
            .keep_alive = points};
  }
};

NABLA_PLUGIN_END(MyPlugin)
