#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Conv2d : public Convolution<T> {
 public:
  static constexpr PluginInfo kInfo{
      "conv2d", "Slides O small kernels over the image (LeCun et al. 1989).",
      "y[o, p] = b[o] + sum over k of W[o, k] x[window p, k]; cross-correlation, zero padding; k "
      "runs over the kernel and over the channels that o is grouped with"};

  template <typename V>
  static void Fields(V& v) {
    Convolution<T>::ChannelFields(v);
    v("kernel_size", &Conv2d::kernel_size,
      {.doc = "size of a kernel", .min = 1, .max = 4096, .required = true});
    v("stride", &Conv2d::stride, {.doc = "steps between windows", .min = 1, .max = 4096});
    v("padding", &Conv2d::padding, {.doc = "zeros added on every side", .min = 0, .max = 4096});
    v("dilation", &Conv2d::dilation,
      {.doc = "steps between the elements of a kernel", .min = 1, .max = 4096});
    Convolution<T>::OtherFields(v);
  }

  Shape Output(const Shape& input) const override {
    const Windows w = Of(input);
    return {{this->Outputs(), w.out_h, w.out_w}};
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    OnnxNodes::Attributes attributes = OnnxWindowsOf(kernel_size, stride, padding);
    attributes.push_back({"dilations", OnnxInts(dilation)});
    attributes.push_back({"group", this->groups});
    const size_t seen = nodes.input().dims[0] / this->Groups();
    return nodes.Add("Conv",
                     this->OnnxOperands(x, this->Outputs(), seen, OnnxInts(kernel_size), nodes),
                     attributes);
  }

  Pair kernel_size{1, 1};
  Pair stride{1, 1};
  Pair padding{0, 0};
  Pair dilation{1, 1};

 protected:
  Windows Of(const Shape& input) const override {
    const Windows w = MakeWindows("conv2d", input, kernel_size, stride, padding, dilation);
    this->CheckGroups("conv2d", input, w.channels);
    return w;
  }
};

NABLA_PLUGIN_END(Conv2d)
