#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Normal : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{"normal", "Normal with a given mean and standard deviation.",
                                    "w ~ N(mean, std^2)"};

  template <typename V>
  static void Fields(V& v) {
    v("mean", &Normal::mean, {.doc = "mean"});
    v("std", &Normal::std, {.doc = "standard deviation", .min = 0});
    RandomInitializer<T>::Fields(v);
  }

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, mean, std, generator);
  }

  double mean = 0;
  double std = 1;
};

NABLA_PLUGIN_END(Normal)
