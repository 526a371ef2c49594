#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Adam : public AdamOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "adam", "Steps scaled by averages of the gradient (Kingma and Ba 2015).",
      "g += weight_decay p; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; "
      "p -= lr / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + eps)"};

  void Update(const UpdateSpan<T>& span) const override { this->Step(span, 1, this->weight_decay); }
};

NABLA_PLUGIN_END(Adam)
