// The initializer `my_plugin`: the first values of a weight.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MyPlugin : public RandomInitializer<T> {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{"my_plugin", "Normal, narrower for more inputs.",
                                    "w ~ N(0, gain^2 / I)"};

  // What a user may set; defaults are below. RandomInitializer adds `layout`.
  template <typename V>
  static void Fields(V& v) {
    v("gain", &MyPlugin::gain, {.doc = "multiplies the standard deviation", .min = 0});
    RandomInitializer<T>::Fields(v);
  }

  // Fills w (I, O). Every random number comes from `generator`, so that the seed decides all.
  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, gain / std::sqrt(static_cast<double>(fans.in)), generator);
  }

  double gain = 1;
};

NABLA_PLUGIN_END(MyPlugin)
