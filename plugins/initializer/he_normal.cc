#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class HeNormal : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "he_normal", "Normal for layers before a ReLU (He et al. 2015).", "w ~ N(0, 2 / I)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    std::vector<T> values(w.rows * w.cols);
    generator.Normal(values, 0, std::sqrt(2.0 / static_cast<double>(fans.in)));
    this->Assign(values, w);
  }
};

NABLA_PLUGIN_END(HeNormal)
