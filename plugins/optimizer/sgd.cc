#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Sgd : public DecayingOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "sgd", "Gradient descent, optionally with momentum.",
      "g += weight_decay p; p -= lr g. With momentum: m = g in step 1, then m = momentum m + "
      "(1 - dampening) g; p -= lr m, or with nesterov p -= lr (g + momentum m)"};

  template <typename V>
  static void Fields(V& v) {
    DecayingOptimizer<T>::Fields(v);
    v("momentum", &Sgd::momentum, {.doc = "fraction of m kept per step", .min = 0});
    v("dampening", &Sgd::dampening, {.doc = "fraction of g left out of m"});
    v("nesterov", &Sgd::nesterov, {.doc = "look one momentum step ahead"});
  }
  void CheckFields() const {
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw InputError("nesterov needs momentum > 0 and dampening = 0");
    }
  }

  size_t States() const override { return momentum > 0 ? 1 : 0; }

  void Update(const UpdateSpan<T>& span) const override {
    const auto rate = hn::Set(hn::ScalableTag<T>(), static_cast<T>(span.lr));
    if (momentum > 0) {
      Push(span);
    } else if (this->weight_decay > 0) {
      UpdateElements<0>(span, this->weight_decay,
                        [rate](auto, auto g, auto& p) HWY_ATTR { p = hn::NegMulAdd(rate, g, p); });
    } else {
      Map2([rate](auto, auto p, auto g) HWY_ATTR { return hn::Sub(p, hn::Mul(rate, g)); },
           span.value, span.gradient, span.value, span.size);
    }
  }

  double momentum = 0;
  double dampening = 0;
  bool nesterov = false;

 private:
  void Push(const UpdateSpan<T>& span) const {
    const hn::ScalableTag<T> tag;
    const auto rate = hn::Set(tag, static_cast<T>(span.lr));
    const auto keep = hn::Set(tag, static_cast<T>(momentum));
    const auto add = hn::Set(tag, static_cast<T>(span.step == 1 ? 1 : 1 - dampening));
    UpdateElements<1>(span, this->weight_decay, [&](auto, auto g, auto& p, auto& m) HWY_ATTR {
      m = hn::MulAdd(keep, m, hn::Mul(add, g));
      p = hn::NegMulAdd(rate, nesterov ? hn::MulAdd(keep, m, g) : m, p);
    });
  }
};

NABLA_PLUGIN_END(Sgd)
