#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class XavierUniform : public XavierInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "xavier_uniform",
      "Uniform, with a variance that balances inputs and outputs (Glorot and Bengio 2010).",
      "w ~ U(-b, b), b = gain sqrt(6 / (I + O))"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillUniform(w, fans, this->Std(fans), generator);
  }
};

NABLA_PLUGIN_END(XavierUniform)
