#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Concat : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "concat",
      "Several paths of layers from the same input, with their outputs one behind another (Szegedy "
      "et al. 2015, Huang et al. 2017).",
      "y = [p1(x), p2(x), ..] along the first dimension of a row: channels, or numbers of flat "
      "rows",
      "{name: concat, paths: [[tanh], []]}"};

  template <typename V>
  static void Fields(V& v) {
    v("paths", &Concat::paths,
      {.doc = "the layers of each path p, first to last; an empty path [] is the input itself",
       .required = true});
  }

  void CheckFields() const {
    if (paths.size() < 2) throw InputError("a concat needs at least two paths");
  }

  LayerPaths<T> Inside() const override {
    LayerPaths<T> inside{.list = {}, .concatenated = true};
    for (size_t i = 0; i < paths.size(); ++i) {
      LayerPath<T>& path = inside.list.emplace_back();
      path.key = std::to_string(i);
      for (const Plug<Layer<T>>& layer : paths[i]) path.layers.push_back(layer.object);
    }
    return inside;
  }

  // Throws InputError if the outputs of the paths differ in more than their first dimension.
  Shape Output(const Shape& input) const override {
    const Shape first = Through(paths[0], input);
    Shape joined = first;
    for (size_t i = 1; i < paths.size(); ++i) {
      const Shape shape = Through(paths[i], input);
      Shape fitting = first;
      fitting.dims[0] = shape.dims[0];
      if (fitting != shape) {
        throw InputError(
            "the paths of a concat may differ in the first dimension only, but path 0 gives " +
            first.ToString() + " and path " + std::to_string(i) + " gives " + shape.ToString());
      }
      joined.dims[0] += shape.dims[0];
    }
    return joined;
  }

  // The engine runs the layers inside and puts their outputs together itself.
  void Forward(const ForwardBlock<T>&) const override {}
  void Backward(const BackwardBlock<T>&) const override {}

  std::vector<std::vector<Plug<Layer<T>>>> paths;

 private:
  static Shape Through(const std::vector<Plug<Layer<T>>>& path, Shape shape) {
    for (const Plug<Layer<T>>& layer : path) shape = layer->Output(shape);
    return shape;
  }
};

NABLA_PLUGIN_END(Concat)
