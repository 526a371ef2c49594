// The activation `my_plugin`: one function of one number, applied to every number of a row.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MyPlugin : public Elementwise<MyPlugin<T>, T> {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{"my_plugin", "Passes large numbers and fades small ones.",
                                    "y = x s, y' = s + beta y (1 - s); s = 1 / (1 + exp(-beta x))"};

  // What a user may set; defaults are below. Leave Fields out if there is nothing to set.
  template <typename V>
  static void Fields(V& v) {
    v("beta", &MyPlugin::beta, {.doc = "how sharp the bend is", .min = 0});
  }

  // y = f(x) for a vector of numbers at a time: hn is Highway, which has Add, Mul, Max, ...;
  // VExp, VTanh, VSigmoid and others are in framework/kernels/elementwise-inl.h.
  template <class D, class V>
  V Value(D d, V x) const {
    return hn::Mul(x, Gate(d, x));
  }

  // f'(x), given y = f(x). `check` compares it with finite differences of Value.
  template <class D, class V>
  V Slope(D d, V x, V y) const {
    const V s = Gate(d, x);
    const V b = hn::Set(d, static_cast<T>(beta));
    return hn::MulAdd(hn::Mul(b, y), hn::Sub(hn::Set(d, T{1}), s), s);
  }

  // What `export --format onnx` writes (operators: https://onnx.ai/onnx/operators). Leave it out if
  // ONNX has no counterpart.
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const std::string scaled = nodes.Add("Mul", {x, nodes.Number(beta)});
    return nodes.Add("Mul", {x, nodes.Add("Sigmoid", {scaled})});
  }

  // Where the slope jumps, override `std::vector<double> Kinks() const` to name the places.

  double beta = 1;

 private:
  template <class D, class V>
  V Gate(D d, V x) const {
    return VSigmoid(d, hn::Mul(hn::Set(d, static_cast<T>(beta)), x));
  }
};

NABLA_PLUGIN_END(MyPlugin)
