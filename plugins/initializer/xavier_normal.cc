#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class XavierNormal : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "xavier_normal", "Normal, its variance shared by both sides (Glorot and Bengio 2010).",
      "w ~ N(0, 2 / (I + O))"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    std::vector<T> values(w.rows * w.cols);
    generator.Normal(values, 0, std::sqrt(2.0 / static_cast<double>(fans.in + fans.out)));
    this->Assign(values, w);
  }
};

NABLA_PLUGIN_END(XavierNormal)
