#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Randn : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{"randn", "Standard normal, not scaled.", "w ~ N(0, 1)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, 1, generator);
  }
};

NABLA_PLUGIN_END(Randn)
