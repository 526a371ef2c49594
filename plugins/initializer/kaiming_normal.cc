#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class KaimingNormal : public KaimingInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "kaiming_normal",
      "Normal for layers before a ReLU, with all of PyTorch's options (He et al. 2015).",
      "w ~ N(0, gain^2 / fan)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, this->Std(fans), generator);
  }
};

NABLA_PLUGIN_END(KaimingNormal)
