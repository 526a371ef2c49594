#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class HalfMse : public ElementLoss<HalfMse<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "half_mse", "Half the squared distance, averaged over rows or added up.",
      "row = sum over C of (z - t)^2 / 2, dz = (z - t) / B, or z - t with reduction sum; "
      "t = onehot(label) for classes"};

  template <typename V>
  static void Fields(V& v) {
    v("reduction", &HalfMse::rows, {.doc = "mean or sum over rows"});
  }

  HalfMse() { this->reduction = Reduction::kSumClasses; }

  double Weight(double batch_rows) const override {
    return rows == RowReduction::kSum ? 1 : Loss<T>::Weight(batch_rows);
  }

  LossPoint At(double z, double t) const { return {(z - t) * (z - t) / 2, z - t}; }

  RowReduction rows = RowReduction::kMean;
};

NABLA_PLUGIN_END(HalfMse)
