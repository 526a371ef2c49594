#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class ScaledRandn : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{"scaled_randn", "Standard normal times a given factor.",
                                    "w ~ scale N(0, 1)"};

  template <typename V>
  static void Fields(V& v) {
    v("scale", &ScaledRandn::scale, {.doc = "standard deviation", .min = 0});
    RandomInitializer<T>::Fields(v);
  }

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, scale, generator);
  }

  double scale = 0.01;
};

NABLA_PLUGIN_END(ScaledRandn)
