#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Flatten : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "flatten",
      "Makes one dimension of several, as nn.Flatten does; linear needs no flatten in front of it.",
      "y = x; rows D1 x .. x Dn become D1 x .. x (Ds .. De) x .. x Dn, s = start_dim, e = end_dim"};

  template <typename V>
  static void Fields(V& v) {
    v("start_dim", &Flatten::start_dim,
      {.doc = "first dimension to join; the batch is 0, and -1 is the last", .min = -3, .max = 3});
    v("end_dim", &Flatten::end_dim,
      {.doc = "last dimension to join, counted likewise", .min = -3, .max = 3});
  }

  void CheckFields() const {
    if (start_dim == 0 || end_dim == 0) {
      throw InputError("flatten cannot join the batch, which is dimension 0, with others");
    }
  }

  Shape Output(const Shape& input) const override {
    const size_t first = Dimension("start_dim", start_dim, input);
    const size_t last = Dimension("end_dim", end_dim, input);
    if (first > last) {
      throw InputError("flatten: start_dim " + std::to_string(start_dim) + " comes after end_dim " +
                       std::to_string(end_dim) + " in rows of shape " + input.ToString());
    }
    Shape output;
    for (size_t i = 0; i < input.dims.size(); ++i) {
      if (i <= first || i > last) {
        output.dims.push_back(input.dims[i]);
      } else {
        output.dims.back() *= input.dims[i];
      }
    }
    return output;
  }

  void Forward(const ForwardBlock<T>& block) const override { Copy(block.x, block.y); }

  void Backward(const BackwardBlock<T>& block) const override { Copy(block.dy, block.dx); }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const Shape& output = nodes.output();
    return output.dims.size() == 1 ? nodes.Flat(x, nodes.input()) : nodes.Shaped(x, output);
  }

  int64_t start_dim = 1;
  int64_t end_dim = -1;

 private:
  // The index in `input` of dimension `wanted`.
  static size_t Dimension(const char* key, int64_t wanted, const Shape& input) {
    const auto count = static_cast<int64_t>(input.dims.size());
    const int64_t from_one = wanted < 0 ? wanted + count + 1 : wanted;
    if (from_one < 1 || from_one > count) {
      throw InputError("flatten: " + std::string(key) + " is " + std::to_string(wanted) +
                       ", but rows of shape " + input.ToString() + " have only dimensions 1 to " +
                       std::to_string(count));
    }
    return static_cast<size_t>(from_one - 1);
  }

  static void Copy(Matrix<const T> from, Matrix<T> to) {
    for (size_t r = 0; r < from.rows; ++r) std::copy_n(from.Row(r), from.cols, to.Row(r));
  }
};

NABLA_PLUGIN_END(Flatten)
