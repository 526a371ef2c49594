// What convolutions have in common.
#ifndef NABLA_FRAMEWORK_PLUGIN_CONVOLUTION_H_
#define NABLA_FRAMEWORK_PLUGIN_CONVOLUTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/kernels/conv.h"
#include "framework/model/layer.h"
#include "framework/plugin/window.h"
#include "framework/tensor/lanes.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// The gradient of a bias (1, O) for one row: the sum of each plane of dy (O, positions).
template <typename T>
void AddPlaneSums(Matrix<const T> dy, bool accumulate, Matrix<T> gradient) {
  for (size_t o = 0; o < dy.rows; ++o) {
    const T* d = dy.Row(o);
    const T sum = static_cast<T>(Lanes(dy.cols, [d](size_t p) { return double{d[p]}; }));
    gradient(0, o) = accumulate ? gradient(0, o) + sum : sum;
  }
}

// What convolutions are made with beside their windows.
template <typename T>
class ConvolutionBase : public Layer<T> {
 public:
  template <typename V>
  static void ChannelFields(V& v) {
    v("channels", &ConvolutionBase::channels,
      {.doc = "number of output channels O", .min = 1, .max = 1 << 16, .required = true});
  }
  template <typename V>
  static void OtherFields(V& v) {
    using S = ConvolutionBase;
    v("groups", &S::groups,
      {.doc = "equal parts of the input and output channels; each output sees only its own part",
       .min = 1,
       .max = 1 << 16});
    v("bias", &S::bias, {.doc = "whether to add b"});
    v("weight", &S::weight, {.doc = "initial values of W"});
    v("bias_init", &S::bias_init, {.doc = "initial values of b"});
  }

  void CheckFields() const {
    if (channels % groups == 0) return;
    throw InputError("groups must divide the channels, but " + std::to_string(groups) +
                     " does not divide " + std::to_string(channels));
  }

  int64_t channels = 1;
  int64_t groups = 1;
  bool bias = true;
  Plug<Initializer<T>> weight{"torch_linear"};
  Plug<Initializer<T>> bias_init{"torch_linear"};

 protected:
  size_t Outputs() const { return static_cast<size_t>(channels); }
  size_t Groups() const { return static_cast<size_t>(groups); }

  void CheckGroups(const char* layer, const Shape& input, size_t input_channels) const {
    if (input_channels % Groups() == 0) return;
    throw InputError(std::string(layer) + ": " + std::to_string(groups) +
                     " groups do not divide the " + std::to_string(input_channels) +
                     " channels of rows of shape " + input.ToString());
  }

  // A weight (rows, cols) as PyTorch stores it, and the bias.
  void DeclareParameters(size_t rows, size_t cols, const Fans& fans, Declaration<T>* d) const {
    d->parameters.push_back({.name = "weight",
                             .rows = rows,
                             .cols = cols,
                             .fans = fans,
                             .initializer = weight.object,
                             .blockwise_gradient = true});
    if (!bias) return;
    d->parameters.push_back({.name = "bias",
                             .rows = 1,
                             .cols = Outputs(),
                             .fans = {fans.in, fans.out},
                             .initializer = bias_init.object,
                             .blockwise_gradient = true});
  }

  // x, the weight (rows, channels, kernel) and the bias as operands of a convolution in ONNX.
  std::vector<std::string> OnnxOperands(const std::string& x, size_t rows, size_t seen,
                                        const std::vector<int64_t>& kernel,
                                        OnnxNodes& nodes) const {
    std::vector<size_t> shape = {rows, seen};
    shape.insert(shape.end(), kernel.begin(), kernel.end());
    std::vector<std::string> operands = {x, nodes.Parameter("weight", shape)};
    if (bias) operands.push_back(nodes.Parameter("bias", {Outputs()}));
    return operands;
  }

  // b (O), or null.
  const T* Bias(const ParameterView<T>* parameters) const {
    return bias ? parameters[1].value.data : nullptr;
  }

  // The gradient of the bias: `planes` are numbers of each of the O planes of a row of dy.
  void BiasGradient(const GradientTile<T>& tile, size_t planes) const {
    for (size_t r = 0; r < tile.dy.rows; ++r) {
      AddPlaneSums<T>(Matrix<const T>{tile.dy.Row(r), Outputs(), planes, planes},
                      r > 0 || tile.accumulate, tile.gradient);
    }
  }
};

// Weights are (O, K / groups), K = (input channel, kernel row, kernel column), as PyTorch stores
// them. A derived class says what its windows are.
template <typename T>
class Convolution : public ConvolutionBase<T> {
 public:
  void Declare(const Shape& input, Declaration<T>* d) const override {
    const ConvShape shape = ShapeOf(input);
    const Windows& w = shape.windows;
    const size_t fan_in = shape.group_seen();
    const Fans fans{fan_in, this->Outputs() * w.kernel_size(), true};
    this->DeclareParameters(this->Outputs(), fan_in, fans, d);
    d->scratch = ConvScratch<T>(shape);
    d->multiply_adds = this->Outputs() * w.positions() * fan_in;
  }

  void Forward(const ForwardBlock<T>& block) const override {
    ConvForward(ShapeOf(*block.shape), block.x, block.parameters[0].value,
                this->Bias(block.parameters), block.scratch, block.y);
  }

  void Backward(const BackwardBlock<T>& block) const override {
    ConvDataGradient(ShapeOf(*block.shape), block.dy, block.parameters[0].value, nullptr,
                     block.scratch, block.dx);
  }

  void Gradient(const GradientTile<T>& tile) const override {
    const ConvShape shape = ShapeOf(*tile.shape);
    if (tile.parameter == 1) return this->BiasGradient(tile, shape.windows.positions());
    ConvWeightGradient(shape, tile.x, tile.dy, tile.accumulate, tile.scratch, tile.gradient);
  }

 protected:
  // Throws InputError if the input does not fit.
  virtual Windows Of(const Shape& input) const = 0;

 private:
  ConvShape ShapeOf(const Shape& input) const {
    return {Of(input), this->Outputs(), this->Groups()};
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_CONVOLUTION_H_
