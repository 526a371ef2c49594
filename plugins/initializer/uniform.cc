#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Uniform : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{"uniform", "Uniform between given bounds.", "w ~ U(low, high)"};

  template <typename V>
  static void Fields(V& v) {
    v("low", &Uniform::low, {.doc = "lower bound"});
    v("high", &Uniform::high, {.doc = "upper bound"});
    RandomInitializer<T>::Fields(v);
  }

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillUniform(w, fans, low, high, generator);
  }

  void CheckFields() const {
    if (high < low) throw InputError("uniform needs low <= high");
  }

  double low = 0;
  double high = 1;
};

NABLA_PLUGIN_END(Uniform)
