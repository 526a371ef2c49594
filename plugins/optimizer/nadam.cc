#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Nadam : public MomentOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "nadam", "Adam with Nesterov's momentum (Dozat 2016).",
      "g += weight_decay p; m, v as adam; u(t) = b1 (1 - 0.96^(t momentum_decay) / 2), M = u(1) .. "
      "u(t); d = sqrt(v / (1 - b2^t)) + eps; p -= lr ((1 - u(t)) / (1 - M) g + u(t+1) / "
      "(1 - M u(t+1)) m) / d"};

  template <typename V>
  static void Fields(V& v) {
    MomentOptimizer<T>::Fields(v);
    v("momentum_decay", &Nadam::momentum_decay, {.doc = "how fast u reaches b1", .min = 0});
  }

  Nadam() { this->lr = 0.002; }

  // The third holds M, the same for every element: it has no closed form, and only states survive
  // from step to step.
  size_t States() const override { return 3; }

  void Update(const UpdateSpan<T>& span) const override {
    const double now = Weight(span.step);
    const double next = Weight(span.step + 1);
    const hn::ScalableTag<T> tag;
    const auto rate_g = hn::Set(tag, static_cast<T>(span.lr * (1 - now)));
    const auto rate_m = hn::Set(tag, static_cast<T>(span.lr * next));
    const double root = 1 / std::sqrt(1 - PowerOf(this->betas[1], span.step));
    const auto v_factor = hn::Set(tag, static_cast<T>(root));
    const auto least = hn::Set(tag, static_cast<T>(this->eps));
    const auto one = hn::Set(tag, T{1});
    const auto u = hn::Set(tag, static_cast<T>(now));
    const auto u_next = hn::Set(tag, static_cast<T>(next));
    UpdateElements<3>(span, this->weight_decay,
                      [&](auto d, auto g, auto& p, auto& m, auto& v, auto& product) HWY_ATTR {
                        Average(d, this->betas[0], g, m);
                        Average(d, this->betas[1], hn::Mul(g, g), v);
                        product = span.step == 1 ? u : hn::Mul(product, u);
                        const auto from_g = hn::Div(hn::Mul(rate_g, g), hn::Sub(one, product));
                        const auto from_m =
                            hn::Div(hn::Mul(rate_m, m), hn::NegMulAdd(product, u_next, one));
                        const auto divisor = hn::MulAdd(hn::Sqrt(v), v_factor, least);
                        p = hn::Sub(p, hn::Div(hn::Add(from_g, from_m), divisor));
                      });
  }

  double momentum_decay = 0.004;

 private:
  double Weight(int64_t t) const {  // u(t)
    const double power = RealPowerOf(0.96, static_cast<double>(t) * momentum_decay);
    return this->betas[0] * (1 - 0.5 * power);
  }
};

NABLA_PLUGIN_END(Nadam)
