#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class TorchLinear : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{"torch_linear",
                                    "What PyTorch gives a linear layer, weight and bias alike.",
                                    "w ~ U(-1 / sqrt(I), 1 / sqrt(I)), drawn in the order (O, I)"};

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    const double bound = 1.0 / std::sqrt(static_cast<double>(fans.in));
    std::vector<T> values(w.rows * w.cols);
    generator.Uniform(values, -bound, bound);
    // PyTorch stores a weight as (O, I) and fills it in that order.
    for (size_t o = 0; o < w.cols; ++o) {
      for (size_t i = 0; i < w.rows; ++i) w(i, o) = values[o * w.rows + i];
    }
  }
};

NABLA_PLUGIN_END(TorchLinear)
