#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class ActivationLayer : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "activation", "Applies an activation; its name alone in a list of layers means the same.",
      "y = f(x)"};

  template <typename V>
  static void Fields(V& v) {
    v("function", &ActivationLayer::function, {.doc = "the activation f", .required = true});
  }

  Shape Output(const Shape& input) const override { return input; }

  void Forward(const ForwardBlock<T>& block) const override { function->Forward(block.x, block.y); }

  void Backward(const BackwardBlock<T>& block) const override {
    function->Backward(block.x, block.y, block.dy, block.dx);
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return function->Onnx(x, nodes);
  }

  Plug<Activation<T>> function;
};

NABLA_PLUGIN_END(ActivationLayer)
