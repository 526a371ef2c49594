#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class CrossEntropy : public ClassLoss<T> {
 public:
  static constexpr PluginInfo kInfo{
      "cross_entropy", "Cross entropy of logits and a class; the softmax is inside.",
      "p = softmax(z), t = (1 - label_smoothing) onehot + label_smoothing / C, row = -sum over C "
      "of "
      "t log p, dz = (p - t) / B; with epsilon or clamp the value shown is "
      "-log max(p[label] + epsilon, clamp) and dz stays"};

  template <typename V>
  static void Fields(V& v) {
    v("epsilon", &CrossEntropy::epsilon,
      {.doc = "added to p[label] in the value, not in the gradient", .min = 0, .max = 1});
    v("clamp", &CrossEntropy::clamp,
      {.doc = "least p[label] in the value; the gradient ignores it", .min = 0, .max = 1});
    v("label_smoothing", &CrossEntropy::label_smoothing,
      {.doc = "the part of the target that all classes share", .min = 0, .max = 1});
    ClassLoss<T>::Fields(v);
  }
  void CheckFields() const {
    if (Capped() && label_smoothing > 0) {
      throw InputError("label_smoothing cannot be combined with epsilon or clamp");
    }
  }

  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    SoftmaxRows(z, dz);
    for (size_t r = 0; r < z.rows; ++r) {
      const auto label = static_cast<size_t>(targets.labels[r]);
      const double p = static_cast<double>(dz(r, label));
      // p[top] = 1 / sum exp(z - z[top]): the log-sum-exp without another pass, finite for any z.
      rows[r] = Capped() ? std::max(p + epsilon, clamp)
                         : static_cast<double>(dz(r, ArgMax(z.Row(r), z.cols)));
    }
    LogSpan(rows, rows, z.rows);
    const T weight = static_cast<T>(this->Weight(static_cast<double>(batch_rows)));
    const T share = static_cast<T>(label_smoothing / static_cast<double>(z.cols));
    for (size_t r = 0; r < z.rows; ++r) {
      const auto label = static_cast<size_t>(targets.labels[r]);
      rows[r] = -rows[r];
      if (!Capped()) rows[r] += BehindTop(z.Row(r), z.cols, label);
      T* d = dz.Row(r);
      d[label] -= static_cast<T>(1 - label_smoothing);
      for (size_t c = 0; c < z.cols; ++c) d[c] = (d[c] - share) * weight;
    }
  }

  double epsilon = 0;
  double clamp = 0;
  double label_smoothing = 0;

 private:
  bool Capped() const { return epsilon > 0 || clamp > 0; }

  // sum over c of t[c] (z[top] - z[c]).
  double BehindTop(const T* z, size_t n, size_t label) const {
    const double top = static_cast<double>(z[ArgMax(z, n)]);
    const double behind = top - static_cast<double>(z[label]);
    if (label_smoothing == 0) return behind;
    double sum = 0;
    for (size_t c = 0; c < n; ++c) sum += top - static_cast<double>(z[c]);
    return (1 - label_smoothing) * behind + label_smoothing * sum / static_cast<double>(n);
  }
};

NABLA_PLUGIN_END(CrossEntropy)
