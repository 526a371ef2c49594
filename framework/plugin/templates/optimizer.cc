// The optimizer `my_plugin`: how parameters follow their gradient.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MyPlugin : public DecayingOptimizer<T> {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{"my_plugin", "Follows an average of the gradient.",
                                    "g += weight_decay p; m = keep m + (1 - keep) g; p -= lr m"};

  // What a user may set; defaults are below. DecayingOptimizer adds `lr` and `weight_decay`.
  template <typename V>
  static void Fields(V& v) {
    DecayingOptimizer<T>::Fields(v);
    v("keep", &MyPlugin::keep,
      {.doc = "fraction of m kept per step", .min = 0, .max = 1, .below_max = true});
  }

  // The number of states for each number of a parameter; they start at 0.
  size_t States() const override { return 1; }

  // One step for some numbers of a parameter: the function gets vectors of the gradient g, the
  // values p and the states (here one, m), and changes p and m in place.
  void Update(const UpdateSpan<T>& span) const override {
    const auto rate = hn::Set(hn::ScalableTag<T>(), static_cast<T>(span.lr));
    UpdateElements<1>(span, this->weight_decay, [&](auto d, auto g, auto& p, auto& m) HWY_ATTR {
      Average(d, keep, g, m);
      p = hn::NegMulAdd(rate, m, p);
    });
  }

  double keep = 0.9;
};

NABLA_PLUGIN_END(MyPlugin)
