#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Softmax : public Activation<T> {
 public:
  static constexpr PluginInfo kInfo{"softmax", "Turns a row into probabilities.",
                                    "y[c] = exp(x[c]) / sum over C of exp(x), over the whole row; "
                                    "dx = y (dy - sum over C of y dy)"};

  void Forward(Matrix<const T> x, Matrix<T> y) const override { SoftmaxRows(x, y); }

  void Backward(Matrix<const T>, Matrix<const T> y, Matrix<const T> dy,
                Matrix<T> dx) const override {
    for (size_t r = 0; r < y.rows; ++r) {
      double dot = 0;
      for (size_t c = 0; c < y.cols; ++c) {
        dot += static_cast<double>(y(r, c)) * static_cast<double>(dy(r, c));
      }
      const T shift = static_cast<T>(dot);
      Map2([shift](auto d, auto p, auto g)
               HWY_ATTR { return hn::Mul(p, hn::Sub(g, hn::Set(d, shift))); },
           y.Row(r), dy.Row(r), dx.Row(r), y.cols);
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const Shape& shape = nodes.input();
    return nodes.Shaped(nodes.Add("Softmax", {nodes.Flat(x, shape)}, {{"axis", -1}}), shape);
  }
};

NABLA_PLUGIN_END(Softmax)
