#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Elu : public Elementwise<Elu<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"elu", "Exponential linear unit (Clevert et al. 2016).",
                                    "y = x for x > 0, else alpha (exp(x) - 1)"};

  template <typename V>
  static void Fields(V& v) {
    v("alpha", &Elu::alpha, {.doc = "the output tends to -alpha far below 0"});
  }

  template <class D, class V>
  V Value(D d, V x) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Mul(Alpha(d), VExpm1(d, x)));
  }
  template <class D, class V>
  V Slope(D d, V x, V y) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Set(d, T{1}), hn::Add(y, Alpha(d)));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Elu", {x}, {{"alpha", alpha}});
  }
  std::vector<double> Kinks() const override { return {0}; }

  template <class D>
  auto Alpha(D d) const {
    return hn::Set(d, static_cast<T>(alpha));
  }

  double alpha = 1;
};

NABLA_PLUGIN_END(Elu)
