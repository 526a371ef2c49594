#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class ScaledRandn : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{"scaled_randn", "Normal times a factor of one's own.",
                                    "w ~ scale N(0, 1)"};

  template <typename V>
  static void Fields(V& v) {
    v("scale", &ScaledRandn::scale, {.doc = "standard deviation", .min = 0});
  }

  void Fill(Matrix<T> w, const Fans&, Generator& generator) const override {
    std::vector<T> values(w.rows * w.cols);
    generator.Normal(values, 0, scale);
    this->Assign(values, w);
  }

  double scale = 0.01;
};

NABLA_PLUGIN_END(ScaledRandn)
