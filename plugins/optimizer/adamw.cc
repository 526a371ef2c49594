#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class AdamW : public AdamOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "adamw", "Adam with weight decay separate from the gradient (Loshchilov and Hutter 2019).",
      "p *= 1 - lr weight_decay; then as adam without decay"};

  AdamW() { this->weight_decay = 0.01; }

  void Update(const UpdateSpan<T>& span) const override {
    this->Step(span, 1 - span.lr * this->weight_decay, 0);
  }
};

NABLA_PLUGIN_END(AdamW)
