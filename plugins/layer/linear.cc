#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Linear : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{"linear", "Every output is a weighted sum of all inputs.",
                                    "y = x W + b, W (I, O), b (O)"};

  template <typename V>
  static void Fields(V& v) {
    v("units", &Linear::units, {.doc = "outputs O", .min = 1, .max = 1 << 20, .required = true});
    v("bias", &Linear::bias, {.doc = "whether there is a b"});
    v("weight", &Linear::weight, {.doc = "first values of W"});
    v("bias_init", &Linear::bias_init, {.doc = "first values of b"});
    v("bias_step_over_batch", &Linear::bias_step_over_batch,
      {.doc = "divide the gradient of b by B once more, as some notebooks do"});
  }

  Shape Output(const Shape&) const override { return {{static_cast<size_t>(units)}}; }

  void Declare(const Shape& input, Declaration<T>* d) const override {
    const Fans fans{input.size(), static_cast<size_t>(units)};
    d->parameters.push_back({.name = "weight",
                             .rows = fans.in,
                             .cols = fans.out,
                             .fans = fans,
                             .initializer = weight.object,
                             .transposed = true});
    if (!bias) return;
    d->parameters.push_back({.name = "bias",
                             .rows = 1,
                             .cols = fans.out,
                             .fans = fans,
                             .initializer = bias_init.object,
                             .divide_by_batch = bias_step_over_batch});
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const Matrix<const T> w = block.parameters[0].value;
    if (bias) {
      GemmBias(block.x, w, block.parameters[1].value.data, block.y);
    } else {
      GemmNN(block.x, w, block.y, false);
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    GemmNN(block.dy, block.parameters[0].transposed, block.dx, false);
  }

  void Gradient(const GradientTile<T>& tile) const override {
    if (tile.parameter == 0) {
      const size_t end = tile.begin + tile.gradient.rows;
      GemmTN(tile.x.Cols(tile.begin, end), tile.dy, tile.gradient, tile.accumulate);
    } else {
      ColumnSums(tile.dy, tile.gradient.data, tile.accumulate);
    }
  }

  int64_t units = 1;
  bool bias = true;
  Plug<Initializer<T>> weight{"torch_linear"};
  Plug<Initializer<T>> bias_init{"torch_linear"};
  bool bias_step_over_batch = false;
};

NABLA_PLUGIN_END(Linear)
