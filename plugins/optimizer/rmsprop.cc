#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class RmsProp : public DecayingOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "rmsprop", "Divides by a running root mean square of the gradient (Hinton 2012).",
      "g += weight_decay p; v = alpha v + (1 - alpha) g^2; d = sqrt(v) + eps, centered: "
      "a = alpha a + (1 - alpha) g, d = sqrt(v - a^2) + eps; p -= lr g / d, with momentum: "
      "m = momentum m + g / d, p -= lr m"};

  template <typename V>
  static void Fields(V& v) {
    DecayingOptimizer<T>::Fields(v);
    v("alpha", &RmsProp::alpha,
      {.doc = "fraction that the averages keep per step", .min = 0, .max = 1});
    v("eps", &RmsProp::eps, {.doc = "keeps the divisor above 0", .min = 0});
    v("momentum", &RmsProp::momentum, {.doc = "fraction of m kept per step", .min = 0});
    v("centered", &RmsProp::centered, {.doc = "divide by the standard deviation of g instead"});
  }

  RmsProp() { this->lr = 0.01; }

  size_t States() const override { return 1u + centered + (momentum > 0); }

  void Update(const UpdateSpan<T>& span) const override {
    if (centered) {
      momentum > 0 ? Run<true, true>(span) : Run<true, false>(span);
    } else {
      momentum > 0 ? Run<false, true>(span) : Run<false, false>(span);
    }
  }

  double alpha = 0.99;
  double eps = 1e-8;
  double momentum = 0;
  bool centered = false;

 private:
  template <bool kCentered, bool kMomentum>
  void Run(const UpdateSpan<T>& span) const {
    const hn::ScalableTag<T> tag;
    const auto rate = hn::Set(tag, static_cast<T>(span.lr));
    const auto least = hn::Set(tag, static_cast<T>(eps));
    const auto keep = hn::Set(tag, static_cast<T>(momentum));
    UpdateElements<1 + kCentered + kMomentum>(
        span, this->weight_decay, [&](auto d, auto g, auto& p, auto& v, auto&... more) HWY_ATTR {
          const auto states = std::tie(more...);
          Average(d, alpha, hn::Mul(g, g), v);
          auto square = v;
          if constexpr (kCentered) {
            auto& a = std::get<0>(states);
            Average(d, alpha, g, a);
            // Rounding can make the variance negative; 0 replaces it then.
            square = hn::Max(hn::NegMulAdd(a, a, v), hn::Zero(d));
          }
          auto step = hn::Div(g, hn::Add(hn::Sqrt(square), least));
          if constexpr (kMomentum) {
            auto& m = std::get<kCentered>(states);
            step = m = hn::MulAdd(keep, m, step);
          }
          p = hn::NegMulAdd(rate, step, p);
        });
  }
};

NABLA_PLUGIN_END(RmsProp)
