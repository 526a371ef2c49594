#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class HeUniform : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{"he_uniform",
                                    "Uniform for layers before a ReLU (He et al. 2015).",
                                    "w ~ U(-b, b), b = sqrt(6 / I)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillUniform(w, fans, std::sqrt(2.0) / std::sqrt(static_cast<double>(fans.in)), generator);
  }
};

NABLA_PLUGIN_END(HeUniform)
