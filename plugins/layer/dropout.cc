#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Dropout : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "dropout", "Zeroes numbers at random while training (Srivastava et al. 2014).",
      "y = x m / (1 - p), m = 0 with probability p else 1; y = x when evaluating"};

  template <typename V>
  static void Fields(V& v) {
    v("p", &Dropout::p, {.doc = "probability of a zero", .min = 0, .max = 1, .below_max = true});
  }

  Shape Output(const Shape& input) const override { return input; }

  void Forward(const ForwardBlock<T>& block) const override {
    if (block.training) {
      Apply(block.x, block.y, block.key, block.first_row);
    } else {
      for (size_t r = 0; r < block.x.rows; ++r) {
        std::copy_n(block.x.Row(r), block.x.cols, block.y.Row(r));
      }
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    Apply(block.dy, block.dx, block.key, block.first_row);
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    // It acts only in training.
    return nodes.Add("Identity", {x});
  }

  double p = 0.5;

 private:
  // The mask is a function of (seed, layer, step) in `key`, the row and the column, so the backward
  // pass makes it again instead of storing it.
  void Apply(Matrix<const T> from, Matrix<T> to, uint64_t key, size_t first_row) const {
    constexpr size_t kWords = 256;
    uint32_t words[kWords];
    const auto threshold = static_cast<uint32_t>(p * 4294967296.0);
    const T scale = static_cast<T>(1.0 / (1.0 - p));
    for (size_t r = 0; r < from.rows; ++r) {
      for (size_t begin = 0; begin < from.cols; begin += kWords) {
        const size_t count = std::min(kWords, from.cols - begin);
        FillKeyedWords(key, (first_row + r) * from.cols + begin, {words, count});
        const T* x = from.Row(r) + begin;
        T* y = to.Row(r) + begin;
        for (size_t c = 0; c < count; ++c) y[c] = words[c] < threshold ? T{0} : x[c] * scale;
      }
    }
  }
};

NABLA_PLUGIN_END(Dropout)
