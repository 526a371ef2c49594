// The loss `my_plugin`: a sum over the outputs of a row. For losses that need a whole row at once,
// derive from Loss<T> (framework/model/loss.h), as plugins/loss/cross_entropy.cc does.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MyPlugin : public ElementLoss<MyPlugin<T>, T> {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{
      "my_plugin", "Squared near the target, linear far from it, smooth in between.",
      "d = (z - t) / width; l = width^2 (sqrt(1 + d^2) - 1), dl/dz = width d / sqrt(1 + d^2)"};

  // What a user may set; defaults are below. ElementLoss adds `reduction`.
  template <typename V>
  static void Fields(V& v) {
    v("width", &MyPlugin::width,
      {.doc = "the distance that counts as near", .min = 0, .above_min = true});
    ElementLoss<MyPlugin, T>::Fields(v);
  }

  // The loss of one output z against its target t, and its derivative with respect to z. Use LogOf
  // and the like from framework/kernels, since libm's bits differ between machines.
  LossPoint At(double z, double t) const {
    const double d = (z - t) / width;
    const double root = std::sqrt(1 + d * d);
    return {width * width * (root - 1), width * d / root};
  }

  double width = 1;
};

NABLA_PLUGIN_END(MyPlugin)
