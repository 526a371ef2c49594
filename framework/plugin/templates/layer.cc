// The layer `my_plugin`: a function of batch rows with parameters of its own.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MyPlugin : public Layer<T> {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{"my_plugin", "Scales and shifts every number.",
                                    "y = x w + b, w and b (I); dw = sum of x dy, db = sum of dy"};

  // What a user may set; defaults are below. Leave Fields out if there is nothing to set.
  template <typename V>
  static void Fields(V& v) {
    v("bias", &MyPlugin::bias, {.doc = "whether to add b"});
  }

  // The shape of an output row; throws InputError if `input` does not fit.
  Shape Output(const Shape& input) const override { return input; }

  // The parameters that the engine keeps, initialises and trains.
  void Declare(const Shape& input, Declaration<T>* d) const override {
    const auto filled = [](T value) { return std::make_shared<FilledInitializer<T>>(value); };
    d->parameters.push_back(
        {.name = "weight", .rows = 1, .cols = input.size(), .initializer = filled(T{1})});
    if (!bias) return;
    d->parameters.push_back(
        {.name = "bias", .rows = 1, .cols = input.size(), .initializer = filled(T{0})});
  }

  // y from x for some rows of the batch.
  void Forward(const ForwardBlock<T>& block) const override {
    const T* w = block.parameters[0].value.data;
    const T* b = bias ? block.parameters[1].value.data : nullptr;
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t c = 0; c < block.x.cols; ++c) {
        block.y(r, c) = block.x(r, c) * w[c] + (bias ? b[c] : T{0});
      }
    }
  }

  // dx from dy for the same rows.
  void Backward(const BackwardBlock<T>& block) const override {
    const T* w = block.parameters[0].value.data;
    for (size_t r = 0; r < block.dx.rows; ++r) {
      for (size_t c = 0; c < block.dx.cols; ++c) block.dx(r, c) = block.dy(r, c) * w[c];
    }
  }

  // The gradient of one parameter over all rows, added up in ascending order of the rows. With
  // `accumulate` it continues from the sums of earlier rows.
  void Gradient(const GradientTile<T>& tile) const override {
    T* out = tile.gradient.data;
    if (tile.parameter == 1) return ColumnSums(tile.dy, out, tile.accumulate);
    if (!tile.accumulate) std::fill_n(out, tile.gradient.cols, T{0});
    for (size_t r = 0; r < tile.x.rows; ++r) {
      for (size_t c = 0; c < tile.gradient.cols; ++c) out[c] += tile.x(r, c) * tile.dy(r, c);
    }
  }

  // What `export --format onnx` writes (operators: https://onnx.ai/onnx/operators). Leave it out if
  // ONNX has no counterpart.
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const std::vector<size_t>& dims = nodes.input().dims;
    const std::string y = nodes.Add("Mul", {x, nodes.Parameter("weight", dims)});
    return bias ? nodes.Add("Add", {y, nodes.Parameter("bias", dims)}) : y;
  }

  bool bias = true;
};

NABLA_PLUGIN_END(MyPlugin)
