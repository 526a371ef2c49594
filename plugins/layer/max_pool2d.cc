#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class MaxPool2d : public PoolLayer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "max_pool2d", "The largest number of each window.",
      "y[c, p] = max over cells of x[c, window p]; padding counts as -inf, the first of equal "
      "maxima gets the gradient"};

  void Forward(const ForwardBlock<T>& block) const override {
    const Windows w = this->Of(*block.shape);
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* x = block.x.Row(r);
      T* y = block.y.Row(r);
      ForWindows(w, [&](size_t p, size_t plane, const Windows::Cells& cells) {
        y[p] = x[plane + First(w, x + plane, cells)];
      });
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const Windows w = this->Of(*block.shape);
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

 private:
  // The first largest cell, within its plane. NaN wins, so that it is not hidden.
  static size_t First(const Windows& w, const T* plane, const Windows::Cells& cells) {
    size_t best = cells.y0 * w.width + cells.x0;
    for (size_t y = cells.y0; y < cells.y1; ++y) {
      for (size_t x = cells.x0; x < cells.x1; ++x) {
        const size_t at = y * w.width + x;
        if (plane[at] > plane[best] || (std::isnan(plane[at]) && !std::isnan(plane[best]))) {
          best = at;
        }
      }
    }
    return best;
  }
};

NABLA_PLUGIN_END(MaxPool2d)
