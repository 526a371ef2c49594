#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class AvgPool2d : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "avg_pool2d", "The mean of each window.",
      "y[c, p] = sum of x[c, window p] / n; n is the window's size, or only the cells inside the "
      "image if count_include_pad is false"};

  template <typename V>
  static void Fields(V& v) {
    v("kernel_size", &AvgPool2d::kernel_size,
      {.doc = "size of a window", .min = 1, .max = 4096, .required = true});
    v("stride", &AvgPool2d::stride,
      {.doc = "steps between windows; the kernel's size if left out", .min = 1, .max = 4096});
    v("padding", &AvgPool2d::padding,
      {.doc = "zeros added on every side, at most half a window", .min = 0, .max = 2048});
    v("count_include_pad", &AvgPool2d::count_include_pad,
      {.doc = "whether padding counts in the mean"});
  }

  void CheckFields() const {
    if (2 * padding.vertical > kernel_size.vertical ||
        2 * padding.horizontal > kernel_size.horizontal) {
      throw InputError("avg_pool2d: padding must be at most half of kernel_size");
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
        T sum = 0;
        ForCells(w, cells, [&](size_t at) { sum += x[plane + at]; });
        y[p] = sum / Count(w, cells);
      });
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const Windows w = Of(*block.shape);
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* dy = block.dy.Row(r);
      T* dx = block.dx.Row(r);
      std::fill_n(dx, block.dx.cols, T{0});
      ForWindows(w, [&](size_t p, size_t plane, const Windows::Cells& cells) {
        const T share = dy[p] / Count(w, cells);
        ForCells(w, cells, [&](size_t at) { dx[plane + at] += share; });
      });
    }
  }

  Pair kernel_size{2, 2};
  std::optional<Pair> stride;
  Pair padding{0, 0};
  bool count_include_pad = true;

 private:
  Windows Of(const Shape& input) const {
    return MakeWindows("avg_pool2d", input, kernel_size, stride.value_or(kernel_size), padding);
  }

  T Count(const Windows& w, const Windows::Cells& cells) const {
    const size_t inside = (cells.y1 - cells.y0) * (cells.x1 - cells.x0);
    return static_cast<T>(count_include_pad ? w.kernel_size() : inside);
  }

  template <typename F>
  static void ForCells(const Windows& w, const Windows::Cells& cells, F f) {
    for (size_t y = cells.y0; y < cells.y1; ++y) {
      for (size_t x = cells.x0; x < cells.x1; ++x) f(y * w.width + x);
    }
  }
};

NABLA_PLUGIN_END(AvgPool2d)
