#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Hardtanh : public Elementwise<Hardtanh<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"hardtanh", "The input, cut off on both sides.",
                                    "y = min(max(x, min_val), max_val), y' = 0 at both ends"};

  template <typename V>
  static void Fields(V& v) {
    v("min_val", &Hardtanh::min_val, {.doc = "least output"});
    v("max_val", &Hardtanh::max_val, {.doc = "greatest output"});
  }
  void CheckFields() const {
    if (min_val >= max_val) throw InputError("min_val must be below max_val");
  }

  template <class D, class V>
  V Value(D d, V x) const {
    const V low = hn::Set(d, static_cast<T>(min_val));
    const V high = hn::Set(d, static_cast<T>(max_val));
    // This order lets NaN through.
    return hn::IfThenElse(hn::Lt(x, low), low, hn::IfThenElse(hn::Gt(x, high), high, x));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    const auto inside = hn::And(hn::Gt(x, hn::Set(d, static_cast<T>(min_val))),
                                hn::Lt(x, hn::Set(d, static_cast<T>(max_val))));
    return hn::IfThenElseZero(inside, hn::Set(d, T{1}));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const std::string low = nodes.Number(min_val);
    return nodes.Add("Clip", {x, low, nodes.Number(max_val)});
  }
  std::vector<double> Kinks() const override { return {min_val, max_val}; }

  double min_val = -1;
  double max_val = 1;
};

NABLA_PLUGIN_END(Hardtanh)
