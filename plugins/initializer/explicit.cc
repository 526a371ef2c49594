#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Explicit : public Initializer<T> {
 public:
  static constexpr PluginInfo kInfo{"explicit", "Values written out in the file.", "w = values"};

  template <typename V>
  static void Fields(V& v) {
    v("values", &Explicit::values,
      {.doc = "rows of W (I, O); one row for a bias", .required = true});
  }

  void Fill(Matrix<T> w, const Fans&, Generator&) const override {
    bool fits = values.size() == w.rows;
    for (const std::vector<double>& row : values) fits = fits && row.size() == w.cols;
    if (!fits) {
      throw InputError("explicit values must be " + std::to_string(w.rows) + " rows of " +
                       std::to_string(w.cols) + " numbers");
    }
    for (size_t r = 0; r < w.rows; ++r) {
      for (size_t c = 0; c < w.cols; ++c) w(r, c) = static_cast<T>(values[r][c]);
    }
  }

  std::vector<std::vector<double>> values;
};

NABLA_PLUGIN_END(Explicit)
