#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

enum class GeluForm { kNone, kTanh };

constexpr auto NamesOf(GeluForm) {
  return std::to_array<std::pair<GeluForm, const char*>>(
      {{GeluForm::kNone, "none"}, {GeluForm::kTanh, "tanh"}});
}

template <typename T>
class Gelu : public Elementwise<Gelu<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "gelu", "Gaussian error linear unit (Hendrycks and Gimpel 2016).",
      "y = x Phi(x), Phi the normal distribution function; approximate tanh: "
      "y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))"};

  template <typename V>
  static void Fields(V& v) {
    v("approximate", &Gelu::approximate, {.doc = "how Phi is computed"});
  }

  template <class D, class V>
  V Value(D d, V x) const {
    if (approximate == GeluForm::kTanh) {
      const V half = hn::Set(d, T{0.5});
      return hn::Mul(x, hn::MulAdd(half, VTanh(d, Inner(d, x)), half));
    }
    return hn::Mul(x, Phi(d, x));
  }

  template <class D, class V>
  V Slope(D d, V x, V) const {
    const V half = hn::Set(d, T{0.5});
    if (approximate == GeluForm::kNone) {
      const V density = hn::Mul(hn::Set(d, static_cast<T>(0.39894228040143267794)),
                                VExp(d, hn::Neg(hn::Mul(half, hn::Mul(x, x)))));
      return hn::MulAdd(x, density, Phi(d, x));
    }
    // Beyond 10 the slope is 0 or 1 to the last bit, and x^2 could overflow.
    const V ten = hn::Set(d, T{10});
    const V z = hn::Max(hn::Min(x, ten), hn::Neg(ten));
    const V one = hn::Set(d, T{1});
    const V t = VTanh(d, Inner(d, z));
    const V inner_slope =
        hn::Mul(hn::Set(d, static_cast<T>(kRoot)),
                hn::MulAdd(hn::Set(d, static_cast<T>(3 * kCubic)), hn::Mul(z, z), one));
    const V bend = hn::Mul(hn::Mul(z, hn::NegMulAdd(t, t, one)), inner_slope);
    return hn::Mul(half, hn::Add(hn::Add(one, t), bend));
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    // x (1 + g(x)) / 2, where g is erf(x / sqrt(2)) or tanh(inner).
    const bool by_tanh = approximate == GeluForm::kTanh;
    const std::string g =
        by_tanh ? nodes.Add("Tanh", {OnnxInner(x, nodes)})
                : nodes.Add("Erf", {nodes.Add("Mul", {x, nodes.Number(0.70710678118654752440)})});
    const std::string half = nodes.Add("Mul", {x, nodes.Number(0.5)});
    return nodes.Add("Mul", {half, nodes.Add("Add", {g, nodes.Number(1)})});
  }

  GeluForm approximate = GeluForm::kNone;

 private:
  static constexpr double kRoot = 0.79788456080286535588;  // sqrt(2 / pi)
  static constexpr double kCubic = 0.044715;

  static std::string OnnxInner(const std::string& x, OnnxNodes& nodes) {
    const std::string square = nodes.Add("Mul", {x, x});
    const std::string cubic =
        nodes.Add("Mul", {nodes.Add("Mul", {square, x}), nodes.Number(kCubic)});
    return nodes.Add("Mul", {nodes.Add("Add", {x, cubic}), nodes.Number(kRoot)});
  }

  template <class D, class V>
  static V Inner(D d, V x) {
    const V cubic = hn::Mul(hn::Set(d, static_cast<T>(kCubic)), hn::Mul(x, x));
    return hn::Mul(hn::Set(d, static_cast<T>(kRoot)), hn::MulAdd(cubic, x, x));
  }
  template <class D, class V>
  static V Phi(D d, V x) {
    const V half = hn::Set(d, T{0.5});
    const V root_half = hn::Set(d, static_cast<T>(0.70710678118654752440));
    return hn::MulAdd(half, VErf(d, hn::Mul(root_half, x)), half);
  }
};

NABLA_PLUGIN_END(Gelu)
