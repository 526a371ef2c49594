#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class CrossEntropy : public Loss<T> {
 public:
  static constexpr PluginInfo kInfo{
      "cross_entropy", "Cross entropy of logits and a class; the softmax is inside.",
      "p = softmax(z), row = -log p[label], dz = (p - onehot) / B; with epsilon the value shown is "
      "-log(p[label] + epsilon) and dz stays"};

  template <typename V>
  static void Fields(V& v) {
    v("epsilon", &CrossEntropy::epsilon,
      {.doc = "added to p[label] in the value, not in the gradient", .min = 0, .max = 1});
    v("clamp", &CrossEntropy::clamp,
      {.doc = "least p[label] in the value; the gradient ignores it", .min = 0, .max = 1});
  }

  void Check(const Shape& output, size_t classes, size_t) const override {
    if (classes == 0) throw InputError("cross_entropy needs class labels; this data set has none");
    if (output.size() != classes) {
      throw InputError("the last layer gives " + output.ToString() +
                       " outputs, but the data set has " + std::to_string(classes) + " classes");
    }
  }

  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    SoftmaxRows(z, dz);
    for (size_t r = 0; r < z.rows; ++r) {
      const auto label = static_cast<size_t>(targets.labels[r]);
      const double p = static_cast<double>(dz(r, label));
      const size_t top = ArgMax(z.Row(r), z.cols);
      // p[top] = 1 / sum exp(z - z[top]): the log-sum-exp without another pass, finite for any z.
      rows[r] = Capped() ? std::max(p + epsilon, clamp) : static_cast<double>(dz(r, top));
    }
    LogSpan(rows, rows, z.rows);
    const T weight = static_cast<T>(this->Weight(batch_rows));
    for (size_t r = 0; r < z.rows; ++r) {
      const auto label = static_cast<size_t>(targets.labels[r]);
      rows[r] = -rows[r];
      if (!Capped()) {
        const size_t top = ArgMax(z.Row(r), z.cols);
        rows[r] += static_cast<double>(z(r, top)) - static_cast<double>(z(r, label));
      }
      T* d = dz.Row(r);
      d[label] -= T{1};
      for (size_t c = 0; c < z.cols; ++c) d[c] *= weight;
    }
  }

  bool Capped() const { return epsilon > 0 || clamp > 0; }

  double epsilon = 0;
  double clamp = 0;
};

NABLA_PLUGIN_END(CrossEntropy)
