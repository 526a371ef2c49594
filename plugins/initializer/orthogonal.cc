#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Orthogonal : public RandomInitializer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "orthogonal", "Orthogonal rows or columns, whichever are fewer (Saxe et al. 2014).",
      "A ~ N(0, 1), A = Q R with R's diagonal positive, w = gain Q"};

  template <typename V>
  static void Fields(V& v) {
    v("gain", &Orthogonal::gain, {.doc = "length of those rows or columns", .min = 0});
    RandomInitializer<T>::Fields(v);
  }

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    this->FillNormal(w, fans, 0, 1, generator);
    const bool tall = w.rows >= w.cols;
    const size_t rows = tall ? w.rows : w.cols;
    const size_t cols = tall ? w.cols : w.rows;
    std::vector<std::vector<double>> q(cols, std::vector<double>(rows));
    for (size_t c = 0; c < cols; ++c) {
      for (size_t r = 0; r < rows; ++r) q[c][r] = static_cast<double>(tall ? w(r, c) : w(c, r));
    }
    Orthonormalize(q);
    for (size_t c = 0; c < cols; ++c) {
      for (size_t r = 0; r < rows; ++r) (tall ? w(r, c) : w(c, r)) = static_cast<T>(gain * q[c][r]);
    }
  }

  double gain = 1;

 private:
  // The Gram-Schmidt method leaves R's diagonal positive, as required for Q. Done twice, it is
  // orthogonal to rounding (Giraud et al., "The loss of orthogonality", 2005).
  static void Orthonormalize(std::vector<std::vector<double>>& columns) {
    const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
      double sum = 0;
      for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
      return sum;
    };
    for (size_t c = 0; c < columns.size(); ++c) {
      std::vector<double>& column = columns[c];
      for (int pass = 0; pass < 2; ++pass) {
        for (size_t before = 0; before < c; ++before) {
          const double along = dot(columns[before], column);
          for (size_t i = 0; i < column.size(); ++i) column[i] -= along * columns[before][i];
        }
      }
      const double length = std::sqrt(dot(column, column));
      for (double& value : column) value /= length;
    }
  }
};

NABLA_PLUGIN_END(Orthogonal)
