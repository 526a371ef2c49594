#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class LeakyRelu : public Elementwise<LeakyRelu<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"leaky_relu", "A ReLU with a small slope below 0.",
                                    "y = x for x > 0, else negative_slope x"};

  template <typename V>
  static void Fields(V& v) {
    v("negative_slope", &LeakyRelu::negative_slope, {.doc = "slope at and below 0"});
  }

  template <class D, class V>
  V Value(D d, V x) const {
    return hn::Mul(x, Slope(d, x, x));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Set(d, T{1}),
                          hn::Set(d, static_cast<T>(negative_slope)));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("LeakyRelu", {x}, {{"alpha", negative_slope}});
  }
  std::vector<double> Kinks() const override { return {0}; }

  double negative_slope = 0.01;
};

NABLA_PLUGIN_END(LeakyRelu)
