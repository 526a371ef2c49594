#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class KaimingUniform : public KaimingInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "kaiming_uniform",
      "Uniform for layers before a ReLU, with all of PyTorch's options (He et al. 2015).",
      "w ~ U(-b, b), b = gain sqrt(3 / fan)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillUniform(w, fans, this->Std(fans), generator);
  }
};

NABLA_PLUGIN_END(KaimingUniform)
