#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Linear : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{"linear", "Every output is a weighted sum of all inputs.",
                                    "y = x W + b, W (I, O), b (O)"};

  template <typename V>
  static void Fields(V& v) {
    v("units", &Linear::units,
      {.doc = "number of outputs O", .min = 1, .max = 1 << 20, .required = true});
    v("bias", &Linear::bias, {.doc = "whether to add b"});
    v("weight", &Linear::weight, {.doc = "initial values of W"});
    v("bias_init", &Linear::bias_init, {.doc = "initial values of b"});
    v("bias_step_over_batch", &Linear::bias_step_over_batch,
      {.doc = "divide the gradient of b by B once more, as some notebooks do"});
  }

  Shape Output(const Shape&) const override { return {{static_cast<size_t>(units)}}; }

  void Declare(const Shape& input, Declaration<T>* d) const override {
    d->takes_sparse = true;
    d->takes_folded = units >= kLeastFoldedUnits;
    d->scratch = static_cast<size_t>(units);
    const Fans fans{input.size(), static_cast<size_t>(units)};
    d->multiply_adds = fans.in * fans.out;
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
    const T* b = bias ? block.parameters[1].value.data : nullptr;
    if (block.sparse != nullptr) {
      SparseForward(*block.sparse, w, block.sparse->zero == 0 ? b : FoldedStart(block, b), block.y);
    } else if (bias) {
      GemmBias(block.x, w, b, block.y);
    } else {
      GemmNN(block.x, w, block.y, false);
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    GemmNN(block.dy, block.parameters[0].transposed, block.dx, false);
  }

  void Gradient(const GradientTile<T>& tile) const override {
    if (tile.parameter == 0 && tile.sparse != nullptr) {
      SparseGradient(*tile.sparse, tile.dy, tile.begin, tile.gradient, tile.accumulate);
      if (tile.sparse->zero != 0) FoldGradient(tile);
    } else if (tile.parameter == 0) {
      const size_t end = tile.begin + tile.gradient.rows;
      GemmTN(tile.x.Cols(tile.begin, end), tile.dy, tile.gradient, tile.accumulate);
    } else {
      ColumnSums(tile.dy, tile.gradient.data, tile.accumulate);
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const size_t inputs = nodes.input().size();
    const size_t outputs = nodes.output().size();
    std::vector<std::string> operands = {nodes.Flat(x, nodes.input()),
                                         nodes.Parameter("weight", {inputs, outputs})};
    if (bias) operands.push_back(nodes.Parameter("bias", {outputs}));
    return nodes.Add("Gemm", operands);
  }

  int64_t units = 1;
  bool bias = true;
  Plug<Initializer<T>> weight{"torch_linear"};
  Plug<Initializer<T>> bias_init{"torch_linear"};
  bool bias_step_over_batch = false;

 private:
  // Folding changes bits, so this number stays as it is.
  static constexpr int64_t kLeastFoldedUnits = 48;

  // If byte 0 means x0, all rows have x0 times the column sums of W in common.
  T* FoldedStart(const ForwardBlock<T>& block, const T* b) const {
    ColumnSums(block.parameters[0].segment_sums, block.scratch, false);
    const T x0 = block.sparse->zero;
    for (size_t o = 0; o < block.y.cols; ++o) {
      block.scratch[o] = b == nullptr ? x0 * block.scratch[o] : b[o] + x0 * block.scratch[o];
    }
    return block.scratch;
  }

  // Likewise, every row of the gradient contains x0 times the sum of dy.
  static void FoldGradient(const GradientTile<T>& tile) {
    ColumnSums(tile.dy, tile.column_sums, tile.accumulate);
    if (!tile.last) return;
    const T x0 = tile.sparse->zero;
    for (size_t r = 0; r < tile.gradient.rows; ++r) {
      T* row = tile.gradient.Row(r);
      for (size_t o = 0; o < tile.gradient.cols; ++o) row[o] += x0 * tile.column_sums[o];
    }
  }
};

NABLA_PLUGIN_END(Linear)
