#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Residual : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "residual", "Layers in a row, with their input added to their output (He et al. 2016).",
      "y = f(x) + x"};

  template <typename V>
  static void Fields(V& v) {
    v("layers", &Residual::layers,
      {.doc = "the layers f; they must keep the shape", .required = true});
  }

  void CheckFields() const {
    if (layers.empty()) throw InputError("a residual needs at least one layer inside");
  }

  std::vector<std::shared_ptr<const Layer<T>>> Inside() const override {
    std::vector<std::shared_ptr<const Layer<T>>> inside;
    for (const Plug<Layer<T>>& layer : layers) inside.push_back(layer.object);
    return inside;
  }

  Shape Output(const Shape& input) const override { return input; }

  // The engine runs the layers inside and the addition itself.
  void Forward(const ForwardBlock<T>&) const override {}
  void Backward(const BackwardBlock<T>&) const override {}

  std::vector<Plug<Layer<T>>> layers;
};

NABLA_PLUGIN_END(Residual)
