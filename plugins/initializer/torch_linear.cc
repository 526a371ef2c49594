#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class TorchLinear : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "torch_linear", "PyTorch's default for linear layers, weights and biases alike.",
      "w ~ U(-1 / sqrt(I), 1 / sqrt(I))"};

  TorchLinear() { this->layout = Layout::kOutIn; }

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    const double bound = 1 / std::sqrt(static_cast<double>(fans.in));
    this->FillUniform(w, fans, -bound, bound, generator);
  }
};

NABLA_PLUGIN_END(TorchLinear)
