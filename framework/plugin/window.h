// Windows that slide over the height and width of a row: what convolutions and pools share.
#ifndef NABLA_FRAMEWORK_PLUGIN_WINDOW_H_
#define NABLA_FRAMEWORK_PLUGIN_WINDOW_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/config/fields.h"
#include "framework/model/layer.h"
#include "framework/tensor/shape.h"
#include "framework/tensor/windows.h"

namespace nabla {

// Vertical and horizontal; written as one number for both, or as a list of two.
struct Pair {
  int64_t vertical = 1;
  int64_t horizontal = 1;
};

template <>
struct FieldType<Pair> {
  static bool Parse(const Node& n, const FieldDoc& d, const ParseContext& c, Pair* out) {
    if (!n.IsList()) {
      const bool good = ParseInt(n, d, c.problems, &out->vertical);
      out->horizontal = out->vertical;
      return good;
    }
    if (n.items.size() != 2) {
      c.problems.Add(n.place, "expected one integer or [vertical, horizontal], found a list of " +
                                  std::to_string(n.items.size()));
      return false;
    }
    const bool good = ParseInt(n.items[0], d, c.problems, &out->vertical);
    return ParseInt(n.items[1], d, c.problems, &out->horizontal) && good;
  }
  static Node Print(const Pair& v) {
    if (v.vertical == v.horizontal) return Node::Scalar(std::to_string(v.vertical));
    return Node::List(
        {Node::Scalar(std::to_string(v.vertical)), Node::Scalar(std::to_string(v.horizontal))});
  }
  static std::string Type() { return "integer or [vertical, horizontal]"; }
};

// Throws InputError if the input is not (channels, height, width) or the window does not fit.
inline Windows MakeWindows(const char* layer, const Shape& input, const Pair& kernel,
                           const Pair& stride, const Pair& padding, const Pair& dilation = {}) {
  if (input.dims.size() != 3) {
    throw InputError(std::string(layer) + " needs rows of shape channels x height x width, not " +
                     input.ToString());
  }
  Windows w{.channels = input.dims[0],
            .height = input.dims[1],
            .width = input.dims[2],
            .kernel_h = static_cast<size_t>(kernel.vertical),
            .kernel_w = static_cast<size_t>(kernel.horizontal),
            .stride_h = static_cast<size_t>(stride.vertical),
            .stride_w = static_cast<size_t>(stride.horizontal),
            .pad_h = static_cast<size_t>(padding.vertical),
            .pad_w = static_cast<size_t>(padding.horizontal),
            .dilation_h = static_cast<size_t>(dilation.vertical),
            .dilation_w = static_cast<size_t>(dilation.horizontal)};
  if (w.extent_h() > w.height + 2 * w.pad_h || w.extent_w() > w.width + 2 * w.pad_w) {
    throw InputError(std::string(layer) + ": a window of " + std::to_string(w.extent_h()) + " x " +
                     std::to_string(w.extent_w()) + " does not fit into " + input.ToString() +
                     " with padding " + std::to_string(w.pad_h) + " x " + std::to_string(w.pad_w));
  }
  w.out_h = (w.height + 2 * w.pad_h - w.extent_h()) / w.stride_h + 1;
  w.out_w = (w.width + 2 * w.pad_w - w.extent_w()) / w.stride_w + 1;
  return w;
}

// Calls f(p, start of the channel's plane, cells) for every window of every channel; p is its place
// in the output row.
template <typename F>
void ForWindows(const Windows& w, F f) {
  size_t p = 0;
  for (size_t c = 0; c < w.channels; ++c) {
    for (size_t oy = 0; oy < w.out_h; ++oy) {
      for (size_t ox = 0; ox < w.out_w; ++ox) f(p++, c * w.plane(), w.At(oy, ox));
    }
  }
}

// As ONNX has it.
inline std::vector<int64_t> OnnxInts(const Pair& pair) { return {pair.vertical, pair.horizontal}; }
inline OnnxNodes::Attributes OnnxWindowsOf(const Pair& kernel, const Pair& stride,
                                           const Pair& padding) {
  std::vector<int64_t> pads = OnnxInts(padding);
  pads.insert(pads.end(), {padding.vertical, padding.horizontal});
  return {{"kernel_shape", OnnxInts(kernel)}, {"strides", OnnxInts(stride)}, {"pads", pads}};
}

// What pools have in common: their windows and the shape of their output.
template <typename T>
class PoolLayer : public Layer<T> {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("kernel_size", &PoolLayer::kernel_size,
      {.doc = "size of a window", .min = 1, .max = 4096, .required = true});
    v("stride", &PoolLayer::stride,
      {.doc = "steps between windows; the kernel's size if left out", .min = 1, .max = 4096});
    v("padding", &PoolLayer::padding,
      {.doc = "cells added on every side, at most half a window", .min = 0, .max = 2048});
  }

  void CheckFields() const {
    if (2 * padding.vertical > kernel_size.vertical ||
        2 * padding.horizontal > kernel_size.horizontal) {
      throw InputError("padding must be at most half of kernel_size");
    }
  }

  Shape Output(const Shape& input) const override {
    const Windows w = Of(input);
    return {{w.channels, w.out_h, w.out_w}};
  }

  Pair kernel_size{2, 2};
  std::optional<Pair> stride;
  Pair padding{0, 0};

 protected:
  Windows Of(const Shape& input) const {
    return MakeWindows("a pool", input, kernel_size, stride.value_or(kernel_size), padding);
  }

  OnnxNodes::Attributes OnnxWindows() const {
    return OnnxWindowsOf(kernel_size, stride.value_or(kernel_size), padding);
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_WINDOW_H_
