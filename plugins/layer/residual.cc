#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Residual : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "residual",
      "Layers in a row, with their input added to their output (He et al. 2016), or what a "
      "projection makes of it.",
      "y = f(x) + p(x), p(x) = x without a projection"};

  template <typename V>
  static void Fields(V& v) {
    v("layers", &Residual::layers,
      {.doc = "the layers f; without a projection they must keep the shape", .required = true});
    v("projection", &Residual::projection,
      {.doc = "the layers p, which must give the same shape as f; none: p(x) = x"});
  }

  void CheckFields() const {
    if (layers.empty()) throw InputError("a residual needs at least one layer inside");
  }

  LayerPaths<T> Inside() const override {
    LayerPaths<T> inside{.list = {{.key = ""}, {.key = "projection"}}};
    for (const Plug<Layer<T>>& layer : layers) inside.list[0].layers.push_back(layer.object);
    for (const Plug<Layer<T>>& layer : projection) inside.list[1].layers.push_back(layer.object);
    return inside;
  }

  Shape Output(const Shape& input) const override {
    const auto through = [&](const std::vector<Plug<Layer<T>>>& path) {
      Shape shape = input;
      for (const Plug<Layer<T>>& layer : path) shape = layer->Output(shape);
      return shape;
    };
    const Shape output = through(layers);
    const Shape added = through(projection);
    if (output == added) return output;
    if (projection.empty()) {
      throw InputError("the layers of a residual must keep the shape of their input: " +
                       input.ToString() + " becomes " + output.ToString());
    }
    throw InputError("the layers of a residual give " + output.ToString() +
                     ", but its projection gives " + added.ToString());
  }

  // The engine runs the layers inside and the addition itself.
  void Forward(const ForwardBlock<T>&) const override {}
  void Backward(const BackwardBlock<T>&) const override {}

  std::vector<Plug<Layer<T>>> layers;
  std::vector<Plug<Layer<T>>> projection;
};

NABLA_PLUGIN_END(Residual)
