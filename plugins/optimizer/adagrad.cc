#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Adagrad : public DecayingOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "adagrad", "Steps shrink with the sum of all squared gradients (Duchi et al. 2011).",
      "g += weight_decay p; s = initial_accumulator_value + sum of g^2; "
      "p -= lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)"};

  template <typename V>
  static void Fields(V& v) {
    DecayingOptimizer<T>::Fields(v);
    v("lr_decay", &Adagrad::lr_decay, {.doc = "lowers the learning rate with time", .min = 0});
    v("initial_accumulator_value", &Adagrad::initial_accumulator_value,
      {.doc = "initial value of the sum", .min = 0});
    v("eps", &Adagrad::eps, {.doc = "keeps the divisor above 0", .min = 0});
  }

  Adagrad() { this->lr = 0.01; }

  size_t States() const override { return 1; }

  void Update(const UpdateSpan<T>& span) const override {
    const double decayed = span.lr / (1 + static_cast<double>(span.step - 1) * lr_decay);
    const hn::ScalableTag<T> tag;
    const auto rate = hn::Set(tag, static_cast<T>(decayed));
    const auto start = hn::Set(tag, static_cast<T>(initial_accumulator_value));
    const auto least = hn::Set(tag, static_cast<T>(eps));
    UpdateElements<1>(span, this->weight_decay, [&](auto, auto g, auto& p, auto& sum) HWY_ATTR {
      sum = hn::MulAdd(g, g, sum);
      const auto divisor = hn::Add(hn::Sqrt(hn::Add(start, sum)), least);
      p = hn::NegMulAdd(rate, hn::Div(g, divisor), p);
    });
  }

  double lr_decay = 0;
  double initial_accumulator_value = 0;
  double eps = 1e-10;
};

NABLA_PLUGIN_END(Adagrad)
