#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class HeNormal : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "he_normal", "Normal for layers before a ReLU (He et al. 2015).", "w ~ N(0, 2 / I)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, std::sqrt(2.0) / std::sqrt(static_cast<double>(fans.in)),
                     generator);
  }
};

NABLA_PLUGIN_END(HeNormal)
