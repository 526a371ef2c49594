#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class LecunNormal : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{"lecun_normal",
                                    "Normal for layers before a tanh or SELU (LeCun et al. 1998).",
                                    "w ~ N(0, 1 / I)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, 1 / std::sqrt(static_cast<double>(fans.in)), generator);
  }
};

NABLA_PLUGIN_END(LecunNormal)
