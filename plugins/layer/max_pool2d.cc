#include <limits>

#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MaxPool2d : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "max_pool2d", "The largest number of each window.",
      "y[c, p] = max over cells of x[c, window p]; padding counts as -inf, the first of equal "
      "maxima gets the gradient"};

  template <typename V>
  static void Fields(V& v) {
    v("kernel_size", &MaxPool2d::kernel_size,
      {.doc = "size of a window", .min = 1, .max = 4096, .required = true});
    v("stride", &MaxPool2d::stride,
      {.doc = "steps between windows; the kernel's size if left out", .min = 1, .max = 4096});
    v("padding", &MaxPool2d::padding,
      {.doc = "cells added on every side, at most half a window", .min = 0, .max = 2048});
  }

  void CheckFields() const {
    if (2 * padding.vertical > kernel_size.vertical ||
        2 * padding.horizontal > kernel_size.horizontal) {
      throw InputError("max_pool2d: padding must be at most half of kernel_size");
    }
  }

  Shape Output(const Shape& input) const override {
    const Windows w = Of(input);
    return {{w.channels, w.out_h, w.out_w}};
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const Windows w = Of(*block.shape);
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* x = block.x.Row(r);
      T* y = block.y.Row(r);
      ForWindows(w, [&](size_t p, size_t plane, const Windows::Cells& cells) {
        y[p] = x[plane + First(w, x + plane, cells)];
      });
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const Windows w = Of(*block.shape);
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* x = block.x.Row(r);
      const T* dy = block.dy.Row(r);
      T* dx = block.dx.Row(r);
      std::fill_n(dx, block.dx.cols, T{0});
      ForWindows(w, [&](size_t p, size_t plane, const Windows::Cells& cells) {
        dx[plane + First(w, x + plane, cells)] += dy[p];
      });
    }
  }

  Pair kernel_size{2, 2};
  std::optional<Pair> stride;
  Pair padding{0, 0};

 private:
  Windows Of(const Shape& input) const {
    return MakeWindows("max_pool2d", input, kernel_size, stride.value_or(kernel_size), padding);
  }

  // The first largest cell, within its plane. NaN wins, so that it is not hidden.
  static size_t First(const Windows& w, const T* plane, const Windows::Cells& cells) {
    size_t best = cells.y0 * w.width + cells.x0;
    for (size_t y = cells.y0; y < cells.y1; ++y) {
      for (size_t x = cells.x0; x < cells.x1; ++x) {
        const size_t at = y * w.width + x;
        if (plane[at] > plane[best] || (plane[at] != plane[at] && plane[best] == plane[best])) {
          best = at;
        }
      }
    }
    return best;
  }
};

NABLA_PLUGIN_END(MaxPool2d)
