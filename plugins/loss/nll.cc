#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Nll : public Loss<T> {
 public:
  static constexpr PluginInfo kInfo{"nll", "Negative log likelihood of probabilities and a class.",
                                    "row = -log max(p[label] + epsilon, clamp), dz[label] = -1 / "
                                    "(p[label] + epsilon) / B, 0 below "
                                    "clamp"};

  template <typename V>
  static void Fields(V& v) {
    v("epsilon", &Nll::epsilon, {.doc = "added to p[label]", .min = 0, .max = 1});
    v("clamp", &Nll::clamp, {.doc = "least p[label]", .min = 0, .max = 1});
  }

  void Check(const Shape& output, size_t classes, size_t) const override {
    if (classes == 0) throw InputError("nll needs class labels; this data set has none");
    if (output.size() != classes) {
      throw InputError("the last layer gives " + output.ToString() +
                       " outputs, but the data set has " + std::to_string(classes) + " classes");
    }
  }

  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    const double weight = this->Weight(batch_rows);
    for (size_t r = 0; r < z.rows; ++r) {
      const auto label = static_cast<size_t>(targets.labels[r]);
      const double p = static_cast<double>(z(r, label)) + epsilon;
      std::fill_n(dz.Row(r), z.cols, T{0});
      if (p >= clamp) dz(r, label) = static_cast<T>(-weight / p);
      rows[r] = std::max(p, clamp);
    }
    LogSpan(rows, rows, z.rows);
    for (size_t r = 0; r < z.rows; ++r) rows[r] = -rows[r];
  }

  double epsilon = 0;
  double clamp = 0;
};

NABLA_PLUGIN_END(Nll)
