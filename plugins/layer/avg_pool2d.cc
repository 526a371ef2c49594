#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class AvgPool2d : public PoolLayer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "avg_pool2d", "The mean of each window.",
      "y[c, p] = sum of x[c, window p] / n; n is the window's size, or only the cells inside the "
      "image if count_include_pad is false"};

  template <typename V>
  static void Fields(V& v) {
    PoolLayer<T>::Fields(v);
    v("count_include_pad", &AvgPool2d::count_include_pad,
      {.doc = "whether the mean includes padding"});
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const Windows w = this->Of(*block.shape);
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
    const Windows w = this->Of(*block.shape);
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

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    OnnxNodes::Attributes attributes = this->OnnxWindows();
    attributes.push_back({"count_include_pad", count_include_pad});
    return nodes.Add("AveragePool", {x}, attributes);
  }

  bool count_include_pad = true;

 private:
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
