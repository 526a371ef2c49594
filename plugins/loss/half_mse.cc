#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class HalfMse : public Loss<T> {
 public:
  static constexpr PluginInfo kInfo{
      "half_mse", "Half the squared distance, averaged over rows.",
      "row = sum over columns of (z - t)^2 / 2, dz = (z - t) / B; t = onehot(label) for classes"};

  void Check(const Shape& output, size_t classes, size_t values) const override {
    const size_t wanted = classes > 0 ? classes : values;
    if (output.size() != wanted) {
      throw InputError("the last layer gives " + output.ToString() +
                       " outputs, but the targets have " + std::to_string(wanted));
    }
  }

  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t batch_rows, double* rows,
            Matrix<T> dz) const override {
    const T weight = static_cast<T>(this->Weight(batch_rows));
    for (size_t r = 0; r < z.rows; ++r) {
      double sum = 0;
      for (size_t c = 0; c < z.cols; ++c) {
        const T difference = z(r, c) - targets.Value(r, c);
        sum += static_cast<double>(difference) * static_cast<double>(difference);
        dz(r, c) = difference * weight;
      }
      rows[r] = sum / 2;
    }
  }
};

NABLA_PLUGIN_END(HalfMse)
