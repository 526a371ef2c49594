#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MultiMargin : public ClassLoss<T> {
 public:
  static constexpr PluginInfo kInfo{
      "multi_margin", "Every wrong class should stay a margin below the right one.",
      "row = sum over c != label of max(0, margin - z[label] + z[c])^p / C"};

  template <typename V>
  static void Fields(V& v) {
    v("p", &MultiMargin::p, {.doc = "power of the shortfall", .min = 1, .max = 2});
    v("margin", &MultiMargin::margin, {.doc = "how far z[label] should be above the others"});
    ClassLoss<T>::Fields(v);
  }

  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    const double share = 1 / static_cast<double>(z.cols);
    const double weight = this->Weight(static_cast<double>(batch_rows)) * share;
    for (size_t r = 0; r < z.rows; ++r) {
      const auto label = static_cast<size_t>(targets.labels[r]);
      double sum = 0;
      double slopes = 0;
      for (size_t c = 0; c < z.cols; ++c) {
        const double missing =
            margin - static_cast<double>(z(r, label)) + static_cast<double>(z(r, c));
        const bool counts = c != label && missing > 0;
        const double slope = !counts ? 0 : p == 1 ? 1 : 2 * missing;
        if (counts) sum += p == 1 ? missing : missing * missing;
        slopes += slope;
        dz(r, c) = static_cast<T>(weight * slope);
      }
      dz(r, label) = static_cast<T>(-weight * slopes);
      rows[r] = sum * share;
    }
  }

  int64_t p = 1;
  double margin = 1;
};

NABLA_PLUGIN_END(MultiMargin)
