#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Randn : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{"randn", "Standard normal, not scaled.", "w ~ N(0, 1)"};

  void Fill(Matrix<T> w, const Fans&, Generator& generator) const override {
    std::vector<T> values(w.rows * w.cols);
    generator.Normal(values, 0, 1);
    this->Assign(values, w);
  }
};

NABLA_PLUGIN_END(Randn)
