#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class LogSoftmax : public Activation<T> {
 public:
  static constexpr PluginInfo kInfo{
      "log_softmax", "Logarithms of the softmax's probabilities.",
      "y[c] = x[c] - log sum over C of exp(x), over the whole row; dx = dy - exp(y) sum over C of "
      "dy"};

  void Forward(Matrix<const T> x, Matrix<T> y) const override {
    SoftmaxRows(x, y);
    for (size_t r = 0; r < x.rows; ++r) {
      // The probability of the greatest input is 1 / sum exp(x - greatest).
      const size_t top = ArgMax(x.Row(r), x.cols);
      const T greatest = x(r, top);
      const T log = static_cast<T>(LogOf(static_cast<double>(y(r, top))));
      Map1([greatest, log](auto d, auto v)
               HWY_ATTR { return hn::Add(hn::Sub(v, hn::Set(d, greatest)), hn::Set(d, log)); },
           x.Row(r), y.Row(r), x.cols);
    }
  }

  void Backward(Matrix<const T>, Matrix<const T> y, Matrix<const T> dy,
                Matrix<T> dx) const override {
    for (size_t r = 0; r < y.rows; ++r) {
      double sum = 0;
      for (size_t c = 0; c < y.cols; ++c) sum += static_cast<double>(dy(r, c));
      const T total = static_cast<T>(sum);
      Map2([total](auto d, auto v, auto g)
               HWY_ATTR { return hn::NegMulAdd(VExp(d, v), hn::Set(d, total), g); },
           y.Row(r), dy.Row(r), dx.Row(r), y.cols);
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const Shape& shape = nodes.input();
    return nodes.Shaped(nodes.Add("LogSoftmax", {nodes.Flat(x, shape)}, {{"axis", -1}}), shape);
  }
};

NABLA_PLUGIN_END(LogSoftmax)
