#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// Weights are (O, K), K = (input channel, kernel row, kernel column), as PyTorch stores them.
template <typename T>
class Conv2d : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "conv2d", "Slides O small kernels over the image (LeCun et al. 1989).",
      "y[o, p] = b[o] + sum over k of W[o, k] x[window p, k]; cross-correlation, zero padding"};

  template <typename V>
  static void Fields(V& v) {
    v("channels", &Conv2d::channels,
      {.doc = "number of output channels O", .min = 1, .max = 1 << 16, .required = true});
    v("kernel_size", &Conv2d::kernel_size,
      {.doc = "size of a kernel", .min = 1, .max = 4096, .required = true});
    v("stride", &Conv2d::stride, {.doc = "steps between windows", .min = 1, .max = 4096});
    v("padding", &Conv2d::padding, {.doc = "zeros added on every side", .min = 0, .max = 4096});
    v("bias", &Conv2d::bias, {.doc = "whether to add b"});
    v("weight", &Conv2d::weight, {.doc = "initial values of W"});
    v("bias_init", &Conv2d::bias_init, {.doc = "initial values of b"});
  }

  Shape Output(const Shape& input) const override {
    const Windows w = Of(input);
    return {{static_cast<size_t>(channels), w.out_h, w.out_w}};
  }

  void Declare(const Shape& input, Declaration<T>* d) const override {
    const Windows windows = Of(input);
    const auto outputs = static_cast<size_t>(channels);
    const size_t fan_in = windows.channels * windows.kernel_size();
    const Fans fans{fan_in, outputs * windows.kernel_size(), true};
    d->parameters.push_back({.name = "weight",
                             .rows = outputs,
                             .cols = fan_in,
                             .fans = fans,
                             .initializer = weight.object,
                             .blockwise_gradient = true});
    d->scratch = std::max(fan_in * PaddedStride<T>(windows.positions()),
                          windows.positions() * PaddedStride<T>(fan_in));
    if (!bias) return;
    d->parameters.push_back({.name = "bias",
                             .rows = 1,
                             .cols = outputs,
                             .fans = {fans.in, fans.out},
                             .initializer = bias_init.object,
                             .blockwise_gradient = true});
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const Matrix<const T> w = block.parameters[0].value;
    const Windows windows = Of(*block.shape);
    const Matrix<T> patches = ByKernel(windows, block.scratch);
    for (size_t r = 0; r < block.x.rows; ++r) {
      Unfold(windows, block.x.Row(r), patches);
      const Matrix<T> y = Planes(windows, block.y.Row(r));
      for (size_t o = 0; o < y.rows; ++o) {
        std::fill_n(y.Row(o), y.cols, bias ? block.parameters[1].value.data[o] : T{0});
      }
      GemmNN(w, patches, y, true);
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const Matrix<const T> w = block.parameters[0].value;
    const Windows windows = Of(*block.shape);
    const Matrix<T> patches = ByKernel(windows, block.scratch);
    for (size_t r = 0; r < block.x.rows; ++r) {
      GemmTN(w, Planes(windows, block.dy.Row(r)), patches, false);
      Fold(windows, patches, block.dx.Row(r));
    }
  }

  void Gradient(const GradientTile<T>& tile) const override {
    const Windows windows = Of(*tile.shape);
    const Matrix<T> patches = ByPosition(windows, tile.scratch);
    for (size_t r = 0; r < tile.x.rows; ++r) {
      const Matrix<const T> dy = Planes(windows, tile.dy.Row(r));
      const bool accumulate = r > 0 || tile.accumulate;
      if (tile.parameter == 1) {
        for (size_t o = 0; o < dy.rows; ++o) {
          const T* d = dy.Row(o);
          const T sum = static_cast<T>(Lanes(dy.cols, [d](size_t p) { return double{d[p]}; }));
          tile.gradient(0, o) = accumulate ? tile.gradient(0, o) + sum : sum;
        }
        continue;
      }
      UnfoldTransposed(windows, tile.x.Row(r), patches);
      GemmNN(dy, patches, tile.gradient, accumulate);
    }
  }

  int64_t channels = 1;
  Pair kernel_size{1, 1};
  Pair stride{1, 1};
  Pair padding{0, 0};
  bool bias = true;
  Plug<Initializer<T>> weight{"torch_linear"};
  Plug<Initializer<T>> bias_init{"torch_linear"};

 private:
  Windows Of(const Shape& input) const {
    return MakeWindows("conv2d", input, kernel_size, stride, padding);
  }

  // One row's output or its gradient as (O, positions).
  template <typename U>
  Matrix<U> Planes(const Windows& w, U* row) const {
    return {row, static_cast<size_t>(channels), w.positions(), w.positions()};
  }

  // Scratch for what all windows of a row see: (K, positions), and (positions, K).
  static Matrix<T> ByKernel(const Windows& w, T* scratch) {
    return {scratch, w.channels * w.kernel_size(), w.positions(), PaddedStride<T>(w.positions())};
  }
  static Matrix<T> ByPosition(const Windows& w, T* scratch) {
    const size_t k = w.channels * w.kernel_size();
    return {scratch, w.positions(), k, PaddedStride<T>(k)};
  }

  // Calls f(k, first position, whether inside, start of the input line, kernel column) for every
  // kernel element k and line of the output.
  template <typename F>
  static void ForLines(const Windows& w, F f) {
    size_t k = 0;
    for (size_t c = 0; c < w.channels; ++c) {
      for (size_t ky = 0; ky < w.kernel_h; ++ky) {
        for (size_t kx = 0; kx < w.kernel_w; ++kx, ++k) {
          for (size_t oy = 0; oy < w.out_h; ++oy) {
            const size_t y = oy * w.stride_h + ky;
            const bool inside = y >= w.pad_h && y - w.pad_h < w.height;
            f(k, oy * w.out_w, inside, c * w.plane() + (inside ? (y - w.pad_h) * w.width : 0), kx);
          }
        }
      }
    }
  }

  // Output columns [first, last) of a line whose kernel column kx falls inside the image.
  static std::pair<size_t, size_t> Inside(const Windows& w, size_t kx) {
    size_t first = kx >= w.pad_w ? 0 : (w.pad_w - kx + w.stride_w - 1) / w.stride_w;
    const size_t reach = w.width + w.pad_w;  // kx + ox stride < reach
    size_t last = kx >= reach ? 0 : (reach - kx + w.stride_w - 1) / w.stride_w;
    last = std::min(last, w.out_w);
    return {std::min(first, last), last};
  }

  static void Unfold(const Windows& w, const T* x, Matrix<T> patches) {
    ForLines(w, [&](size_t k, size_t position, bool inside, size_t line, size_t kx) {
      T* to = patches.Row(k) + position;
      const auto [first, last] = inside ? Inside(w, kx) : std::pair<size_t, size_t>{0, 0};
      std::fill(to, to + first, T{0});
      std::fill(to + last, to + w.out_w, T{0});
      if (first == last) return;
      const T* from = x + (line + first * w.stride_w + kx - w.pad_w);
      if (w.stride_w == 1) {
        std::copy(from, from + (last - first), to + first);
      } else {
        for (size_t i = first; i < last; ++i) to[i] = from[(i - first) * w.stride_w];
      }
    });
  }

  static void UnfoldTransposed(const Windows& w, const T* x, Matrix<T> patches) {
    for (size_t oy = 0; oy < w.out_h; ++oy) {
      for (size_t ox = 0; ox < w.out_w; ++ox) {
        T* to = patches.Row(oy * w.out_w + ox);
        const Windows::Cells cells = w.At(oy, ox);
        const bool whole = (cells.y1 - cells.y0) * (cells.x1 - cells.x0) == w.kernel_size();
        if (!whole) std::fill_n(to, patches.cols, T{0});
        if (cells.x0 == cells.x1) continue;
        // Of the kernel, at the first cell inside.
        const size_t ky = cells.y0 + w.pad_h - oy * w.stride_h;
        const size_t kx = cells.x0 + w.pad_w - ox * w.stride_w;
        for (size_t c = 0; c < w.channels; ++c) {
          for (size_t y = cells.y0; y < cells.y1; ++y) {
            const T* from = x + c * w.plane() + y * w.width;
            T* at = to + c * w.kernel_size() + (ky + y - cells.y0) * w.kernel_w + kx;
            for (size_t i = cells.x0; i < cells.x1; ++i) at[i - cells.x0] = from[i];
          }
        }
      }
    }
  }

  // dx = the sum of all patches, each put back in its place, in ascending order of kernel elements.
  static void Fold(const Windows& w, Matrix<const T> patches, T* dx) {
    std::fill_n(dx, w.channels * w.plane(), T{0});
    ForLines(w, [&](size_t k, size_t position, bool inside, size_t line, size_t kx) {
      if (!inside) return;
      const T* from = patches.Row(k) + position;
      const auto [first, last] = Inside(w, kx);
      for (size_t i = first; i < last; ++i) dx[line + i * w.stride_w + kx - w.pad_w] += from[i];
    });
  }
};

NABLA_PLUGIN_END(Conv2d)
