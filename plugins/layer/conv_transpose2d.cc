#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// The convolution from y to x, run backwards: position p of x is a window of y. Weights are
// (C, O / groups, kernel row, kernel column), C input channels, as PyTorch stores them.
template <typename T>
class ConvTranspose2d : public ConvolutionBase<T> {
 public:
  static constexpr PluginInfo kInfo{
      "conv_transpose2d",
      "Spreads every number of the image over a window, as decoders do (Zeiler et al. 2010).",
      "y[o, q] = b[o] + sum over c and over p, k with q = stride p + dilation k - padding of "
      "W[c, o, k] x[c, p]; size = stride (size - 1) - 2 padding + dilation (kernel - 1) + "
      "output_padding + 1"};

  template <typename V>
  static void Fields(V& v) {
    using S = ConvTranspose2d;
    ConvolutionBase<T>::ChannelFields(v);
    v("kernel_size", &S::kernel_size,
      {.doc = "size of a kernel", .min = 1, .max = 4096, .required = true});
    v("stride", &S::stride, {.doc = "steps between windows", .min = 1, .max = 4096});
    v("padding", &S::padding, {.doc = "cells cut off on every side", .min = 0, .max = 4096});
    v("output_padding", &S::output_padding,
      {.doc = "cells added at the bottom and on the right, fewer than stride or dilation",
       .min = 0,
       .max = 4096});
    v("dilation", &S::dilation,
      {.doc = "steps between the elements of a kernel", .min = 1, .max = 4096});
    ConvolutionBase<T>::OtherFields(v);
  }

  void CheckFields() const {
    ConvolutionBase<T>::CheckFields();
    const auto fits = [](int64_t added, int64_t step, int64_t between) {
      return added < std::max(step, between);
    };
    if (fits(output_padding.vertical, stride.vertical, dilation.vertical) &&
        fits(output_padding.horizontal, stride.horizontal, dilation.horizontal)) {
      return;
    }
    throw InputError("output_padding must be smaller than stride or dilation");
  }

  Shape Output(const Shape& input) const override {
    const Windows w = Of(input);
    return {{this->Outputs(), w.height, w.width}};
  }

  void Declare(const Shape& input, Declaration<T>* d) const override {
    const ConvShape shape = ShapeOf(input);
    const size_t inputs = shape.outputs;
    const size_t cols = shape.group_seen();
    this->DeclareParameters(inputs, cols, {cols, inputs * shape.windows.kernel_size(), true}, d);
    d->scratch = ConvScratch<T>(shape);
    d->multiply_adds = input.size() * cols;
  }

  void Forward(const ForwardBlock<T>& block) const override {
    ConvDataGradient(ShapeOf(*block.shape), block.x, block.parameters[0].value,
                     this->Bias(block.parameters), block.scratch, block.y);
  }

  void Backward(const BackwardBlock<T>& block) const override {
    ConvForward(ShapeOf(*block.shape), block.dy, block.parameters[0].value, nullptr, block.scratch,
                block.dx);
  }

  void Gradient(const GradientTile<T>& tile) const override {
    const ConvShape shape = ShapeOf(*tile.shape);
    if (tile.parameter == 1) return this->BiasGradient(tile, shape.windows.plane());
    ConvWeightGradient(shape, tile.dy, tile.x, tile.accumulate, tile.scratch, tile.gradient);
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    OnnxNodes::Attributes attributes = OnnxWindowsOf(kernel_size, stride, padding);
    attributes.push_back({"dilations", OnnxInts(dilation)});
    attributes.push_back({"group", this->groups});
    attributes.push_back({"output_padding", OnnxInts(output_padding)});
    const size_t inputs = nodes.input().dims[0];
    const size_t seen = this->Outputs() / this->Groups();
    return nodes.Add("ConvTranspose",
                     this->OnnxOperands(x, inputs, seen, OnnxInts(kernel_size), nodes), attributes);
  }

  Pair kernel_size{1, 1};
  Pair stride{1, 1};
  Pair padding{0, 0};
  Pair output_padding{0, 0};
  Pair dilation{1, 1};

 private:
  static constexpr double kMostNumbers = 1 << 28;  // of a row of y

  // The size of y along one side.
  static size_t Side(const Shape& input, size_t size, int64_t kernel, int64_t step, int64_t cut,
                     int64_t added, int64_t between) {
    const int64_t spread =
        step * (static_cast<int64_t>(size) - 1) + between * (kernel - 1) + added + 1;
    if (spread <= 2 * cut) {
      throw InputError("conv_transpose2d: padding " + std::to_string(cut) +
                       " leaves nothing of the output for rows of shape " + input.ToString());
    }
    return static_cast<size_t>(spread - 2 * cut);
  }

  // The windows over y, one for each position of x.
  Windows Of(const Shape& input) const {
    if (input.dims.size() != 3) {
      throw InputError("conv_transpose2d needs rows of shape channels x height x width, not " +
                       input.ToString());
    }
    this->CheckGroups("conv_transpose2d", input, input.dims[0]);
    const size_t height = Side(input, input.dims[1], kernel_size.vertical, stride.vertical,
                               padding.vertical, output_padding.vertical, dilation.vertical);
    const size_t width = Side(input, input.dims[2], kernel_size.horizontal, stride.horizontal,
                              padding.horizontal, output_padding.horizontal, dilation.horizontal);
    const double numbers = static_cast<double>(height) * static_cast<double>(width) *
                           static_cast<double>(this->channels);
    if (numbers > kMostNumbers) {
      throw InputError("conv_transpose2d: rows of shape " +
                       Shape{{this->Outputs(), height, width}}.ToString() + " are too large");
    }
    Windows w{.channels = this->Outputs(),
              .height = height,
              .width = width,
              .kernel_h = static_cast<size_t>(kernel_size.vertical),
              .kernel_w = static_cast<size_t>(kernel_size.horizontal),
              .stride_h = static_cast<size_t>(stride.vertical),
              .stride_w = static_cast<size_t>(stride.horizontal),
              .pad_h = static_cast<size_t>(padding.vertical),
              .pad_w = static_cast<size_t>(padding.horizontal),
              .dilation_h = static_cast<size_t>(dilation.vertical),
              .dilation_w = static_cast<size_t>(dilation.horizontal)};
    // One for each position of x, whatever output_padding adds.
    w.out_h = input.dims[1];
    w.out_w = input.dims[2];
    return w;
  }

  // The convolution from y to x.
  ConvShape ShapeOf(const Shape& input) const { return {Of(input), input.dims[0], this->Groups()}; }
};

NABLA_PLUGIN_END(ConvTranspose2d)
