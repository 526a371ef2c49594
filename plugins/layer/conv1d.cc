#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// A convolution over pictures of height 1.
template <typename T>
class Conv1d : public Convolution<T> {
 public:
  static constexpr PluginInfo kInfo{
      "conv1d", "Slides O small kernels over a sequence (Waibel et al. 1989).",
      "y[o, p] = b[o] + sum over k of W[o, k] x[window p, k]; cross-correlation, zero padding; k "
      "runs over the kernel and over the channels that o is grouped with; rows C x L, and flat "
      "rows are one channel"};

  template <typename V>
  static void Fields(V& v) {
    Convolution<T>::ChannelFields(v);
    v("kernel_size", &Conv1d::kernel_size,
      {.doc = "size of a kernel", .min = 1, .max = 4096, .required = true});
    v("stride", &Conv1d::stride, {.doc = "steps between windows", .min = 1, .max = 4096});
    v("padding", &Conv1d::padding, {.doc = "zeros added at both ends", .min = 0, .max = 4096});
    v("dilation", &Conv1d::dilation,
      {.doc = "steps between the elements of a kernel", .min = 1, .max = 4096});
    Convolution<T>::OtherFields(v);
  }

  Shape Output(const Shape& input) const override { return {{this->Outputs(), Of(input).out_w}}; }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    using Ints = std::vector<int64_t>;
    // Flat rows are one channel.
    const Shape& input = nodes.input();
    const bool flat = input.dims.size() == 1;
    const std::string rows = flat ? nodes.Shaped(x, {{1, input.size()}}) : x;
    const size_t seen = flat ? 1 : input.dims[0] / this->Groups();
    return nodes.Add("Conv", this->OnnxOperands(rows, this->Outputs(), seen, {kernel_size}, nodes),
                     {{"kernel_shape", Ints{kernel_size}},
                      {"strides", Ints{stride}},
                      {"pads", Ints{padding, padding}},
                      {"dilations", Ints{dilation}},
                      {"group", this->groups}});
  }

  int64_t kernel_size = 1;
  int64_t stride = 1;
  int64_t padding = 0;
  int64_t dilation = 1;

 protected:
  Windows Of(const Shape& input) const override {
    if (input.dims.size() > 2) {
      throw InputError("conv1d needs rows of shape channels x length, or flat rows, not " +
                       input.ToString());
    }
    Windows w{.channels = input.dims.size() == 2 ? input.dims[0] : 1,
              .width = input.dims.back(),
              .kernel_w = static_cast<size_t>(kernel_size),
              .stride_w = static_cast<size_t>(stride),
              .pad_w = static_cast<size_t>(padding),
              .dilation_w = static_cast<size_t>(dilation)};
    if (w.extent_w() > w.width + 2 * w.pad_w) {
      throw InputError("conv1d: a window of " + std::to_string(w.extent_w()) +
                       " does not fit into " + input.ToString() + " with padding " +
                       std::to_string(padding));
    }
    w.out_w = (w.width + 2 * w.pad_w - w.extent_w()) / w.stride_w + 1;
    this->CheckGroups("conv1d", input, w.channels);
    return w;
  }
};

NABLA_PLUGIN_END(Conv1d)
