// Its slope lacks a factor, which a check must find.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class WrongSlope : public Elementwise<WrongSlope<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"wrong_slope", "The square of its input.", "y = x^2"};

  template <class D, class V>
  V Value(D, V x) const {
    return hn::Mul(x, x);
  }
  template <class D, class V>
  V Slope(D, V x, V) const {
    return x;
  }
};

NABLA_PLUGIN_END(WrongSlope)
