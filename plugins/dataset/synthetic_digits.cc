#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class SyntheticDigits : public Dataset {
 public:
  static constexpr PluginInfo kInfo{"synthetic_digits",
                                    "Digits that nabla draws itself, 28 x 28; not handwriting.",
                                    "x = (pixel / scale - mean) / std"};

  template <typename V>
  static void Fields(V& v) {
    NormalizationFields<SyntheticDigits>(v);
    v("seed", &SyntheticDigits::seed, {.doc = "decides which digits are drawn", .min = 0});
    v("train", &SyntheticDigits::train, {.doc = "rows to train on", .min = 1, .max = 1 << 22});
    v("test", &SyntheticDigits::test, {.doc = "rows to test on", .min = 0, .max = 1 << 22});
  }

  DataSplits Load(Files&) const override {
    const auto rows = static_cast<size_t>(train);
    return {kInfo.name, Draw(0, rows), Draw(rows, static_cast<size_t>(test))};
  }

  double scale = 255;
  double mean = 0;
  double std = 1;
  int64_t seed = 0;
  int64_t train = 60000;
  int64_t test = 10000;

 private:
  struct Drawn {
    std::vector<uint8_t> pixels;
    std::vector<int32_t> labels;
  };

  Samples Draw(size_t first, size_t count) const {
    auto drawn = std::make_shared<Drawn>();
    drawn->pixels.resize(count * 28 * 28);
    std::vector<uint8_t> labels(count);
    DrawDigits(static_cast<uint64_t>(seed), count, first, drawn->pixels.data(), labels.data());
    drawn->labels.assign(labels.begin(), labels.end());
    return {.count = count,
            .shape = {{1, 28, 28}},
            .pixels = drawn->pixels,
            .normalization = {scale, mean, std},
            .classes = 10,
            .labels = drawn->labels,
            .keep_alive = drawn};
  }
};

NABLA_PLUGIN_END(SyntheticDigits)
