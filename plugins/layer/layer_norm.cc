#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class LayerNorm : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "layer_norm", "Normalises each row by its own mean and variance (Ba et al. 2016).",
      "y = (x - mean(x)) / sqrt(var(x) + eps) w + b; mean and biased variance over the row"};

  template <typename V>
  static void Fields(V& v) {
    v("eps", &LayerNorm::eps, {.doc = "added to the variance", .min = 0});
    v("affine", &LayerNorm::affine, {.doc = "whether to apply w and b"});
  }

  Shape Output(const Shape& input) const override { return input; }

  void Declare(const Shape& input, Declaration<T>* d) const override {
    d->saved_per_row = 2;
    if (!affine) return;
    const size_t size = input.size();
    const auto filled = [](T value) { return std::make_shared<FilledInitializer<T>>(value); };
    d->parameters.push_back(
        {.name = "weight", .rows = 1, .cols = size, .initializer = filled(T{1})});
    d->parameters.push_back({.name = "bias", .rows = 1, .cols = size, .initializer = filled(T{0})});
  }

  void Forward(const ForwardBlock<T>& block) const override {
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* x = block.x.Row(r);
      T* y = block.y.Row(r);
      const size_t n = block.x.cols;
      const double mean = Lanes(n, [x](size_t c) { return static_cast<double>(x[c]); }) / n;
      const double variance = Lanes(n,
                                    [x, mean](size_t c) {
                                      const double d = static_cast<double>(x[c]) - mean;
                                      return d * d;
                                    }) /
                              n;
      const T m = static_cast<T>(mean);
      const T scale = static_cast<T>(1.0 / std::sqrt(variance + eps));
      if (!block.saved.empty()) {
        block.saved(r, 0) = m;
        block.saved(r, 1) = scale;
      }
      for (size_t c = 0; c < n; ++c) {
        const T normal = (x[c] - m) * scale;
        y[c] = affine
                   ? normal * block.parameters[0].value.data[c] + block.parameters[1].value.data[c]
                   : normal;
      }
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* x = block.x.Row(r);
      const T* dy = block.dy.Row(r);
      const size_t n = block.x.cols;
      const T mean = block.saved(r, 0);
      const T scale = block.saved(r, 1);
      const T* w = affine ? block.parameters[0].value.data : nullptr;
      const auto g = [dy, w](size_t c) { return w == nullptr ? dy[c] : dy[c] * w[c]; };
      const T g_mean = static_cast<T>(Lanes(n, [&](size_t c) { return double{g(c)}; }) / n);
      const T g_slope = static_cast<T>(
          Lanes(n, [&](size_t c) { return double{g(c)} * double{(x[c] - mean) * scale}; }) / n);
      for (size_t c = 0; c < n; ++c) {
        block.dx(r, c) = scale * (g(c) - g_mean - (x[c] - mean) * scale * g_slope);
      }
    }
  }

  void Gradient(const GradientTile<T>& tile) const override {
    if (tile.parameter == 1) return ColumnSums(tile.dy, tile.gradient.data, tile.accumulate);
    T* out = tile.gradient.data;
    if (!tile.accumulate) std::fill_n(out, tile.gradient.cols, T{0});
    for (size_t r = 0; r < tile.x.rows; ++r) {
      const T mean = tile.saved(r, 0);
      const T scale = tile.saved(r, 1);
      for (size_t c = 0; c < tile.gradient.cols; ++c) {
        out[c] += tile.dy(r, c) * ((tile.x(r, c) - mean) * scale);
      }
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    // Operator set 13 has no LayerNormalization.
    const Shape& rows = nodes.input();
    const OnnxNodes::Attributes row = {{"axes", std::vector<int64_t>{1}}};
    const std::string flat = nodes.Flat(x, rows);
    const std::string centred = nodes.Add("Sub", {flat, nodes.Add("ReduceMean", {flat}, row)});
    const std::string variance =
        nodes.Add("ReduceMean", {nodes.Add("Mul", {centred, centred})}, row);
    const std::string shifted = nodes.Add("Add", {variance, nodes.Number(eps)});
    std::string y = nodes.Add("Div", {centred, nodes.Add("Sqrt", {shifted})});
    if (affine) {
      y = nodes.Add("Mul", {y, nodes.Parameter("weight", {rows.size()})});
      y = nodes.Add("Add", {y, nodes.Parameter("bias", {rows.size()})});
    }
    return nodes.Shaped(y, rows);
  }

  double eps = 1e-5;
  bool affine = true;
};

NABLA_PLUGIN_END(LayerNorm)
