#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class XavierNormal : public XavierInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "xavier_normal",
      "Normal, with a variance that balances inputs and outputs (Glorot and Bengio 2010).",
      "w ~ N(0, gain^2 2 / (I + O))"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, this->Std(fans), generator);
  }
};

NABLA_PLUGIN_END(XavierNormal)
