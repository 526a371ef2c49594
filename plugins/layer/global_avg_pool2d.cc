#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// Rows (C, H, W) become (C).
template <typename T>
class GlobalAvgPool2d : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "global_avg_pool2d", "The mean of each channel over the whole picture (Lin et al. 2013).",
      "y[c] = sum over p of x[c, p] / P, P = H W; rows C x H x W become C"};

  Shape Output(const Shape& input) const override {
    if (input.dims.size() != 3) {
      throw InputError("global_avg_pool2d needs rows of shape channels x height x width, not " +
                       input.ToString());
    }
    return {{input.dims[0]}};
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const size_t size = block.x.cols / block.y.cols;
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t c = 0; c < block.y.cols; ++c) {
        const T* x = block.x.Row(r) + c * size;
        const double sum = Lanes(size, [x](size_t p) { return double{x[p]}; });
        block.y(r, c) = static_cast<T>(sum / static_cast<double>(size));
      }
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const size_t size = block.dx.cols / block.dy.cols;
    for (size_t r = 0; r < block.dx.rows; ++r) {
      for (size_t c = 0; c < block.dy.cols; ++c) {
        std::fill_n(block.dx.Row(r) + c * size, size, block.dy(r, c) / static_cast<T>(size));
      }
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Flat(nodes.Add("GlobalAveragePool", {x}), {{nodes.input().dims[0], 1, 1}});
  }
};

NABLA_PLUGIN_END(GlobalAvgPool2d)
