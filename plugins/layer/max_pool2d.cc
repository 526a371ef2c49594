#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// Whether a later cell is taken in place of an earlier one. NaN wins, so that it is not hidden.
template <class V>
HWY_INLINE auto Larger(V next, V value) {
  // Neither smaller nor equal, or NaN after what is none.
  return hn::AndNot(hn::IsNaN(value), hn::Not(hn::Le(next, value)));
}

// The first largest cells of neighbouring windows, one a lane.
template <class D>
struct Largest {
  using T = hn::TFromD<D>;
  using Offsets = hn::RebindToSigned<D>;

  HWY_INLINE Largest() : value(hn::Zero(D())), offset(hn::Zero(Offsets())) {}

  HWY_INLINE void Take(hn::Vec<D> next, size_t at, bool first) {
    const D d;
    const Offsets offsets;
    const auto taken = first ? hn::Eq(hn::Zero(d), hn::Zero(d)) : Larger(next, value);
    value = hn::IfThenElse(taken, next, value);
    const auto here = hn::Set(offsets, static_cast<hn::TFromD<Offsets>>(at));
    offset = hn::IfThenElse(hn::RebindMask(offsets, taken), here, offset);
  }

  hn::Vec<D> value;
  hn::Vec<Offsets> offset;  // from the window's first cell
};

// Windows of 2 x 2 cells side by side, one a lane; each line begins at its pointer.
template <class D>
struct Quads {
  HWY_INLINE Quads(D d, const hn::TFromD<D>* upper, const hn::TFromD<D>* lower) {
    hn::Vec<D> left, right;
    hn::LoadInterleaved2(d, upper, left, right);
    right_above = Larger(right, left);
    const auto above = hn::IfThenElse(right_above, right, left);
    hn::LoadInterleaved2(d, lower, left, right);
    right_below = Larger(right, left);
    const auto below = hn::IfThenElse(right_below, right, left);
    is_below = Larger(below, above);
    largest = hn::IfThenElse(is_below, below, above);
  }

  // dx = dy at the largest cells and 0 at the others.
  HWY_INLINE void Spread(D d, hn::Vec<D> dy, hn::TFromD<D>* upper, hn::TFromD<D>* lower) const {
    const auto above = hn::IfThenZeroElse(is_below, dy);
    const auto below = hn::IfThenElseZero(is_below, dy);
    hn::StoreInterleaved2(hn::IfThenZeroElse(right_above, above),
                          hn::IfThenElseZero(right_above, above), d, upper);
    hn::StoreInterleaved2(hn::IfThenZeroElse(right_below, below),
                          hn::IfThenElseZero(right_below, below), d, lower);
  }

  hn::Vec<D> largest;
  hn::Mask<D> right_above;
  hn::Mask<D> right_below;
  hn::Mask<D> is_below;
};

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
      if (HasQuads(w)) {
        ForQuads(w, [&](auto d, size_t upper, size_t lower, size_t p)
                        HWY_ATTR { hn::StoreU(Quads(d, x + upper, x + lower).largest, d, y + p); });
        continue;
      }
      ForLargest(
          w, x, [&](size_t p, size_t at) { y[p] = x[at]; },
          [&](auto d, const auto& largest, size_t p, size_t, size_t)
              HWY_ATTR { hn::StoreU(largest.value, d, y + p); });
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const Windows w = this->Of(*block.shape);
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* dy = block.dy.Row(r);
      T* dx = block.dx.Row(r);
      if (HasQuads(w)) {
        ClearRest(w, dx);
        const T* x = block.x.Row(r);
        ForQuads(w, [&](auto d, size_t upper, size_t lower, size_t p) HWY_ATTR {
          // What is added to 0 is never -0.
          const auto dy_p = hn::Add(hn::Zero(d), hn::LoadU(d, dy + p));
          Quads(d, x + upper, x + lower).Spread(d, dy_p, dx + upper, dx + lower);
        });
        continue;
      }
      std::fill_n(dx, block.dx.cols, T{0});
      ForLargest(
          w, block.x.Row(r), [&](size_t p, size_t at) { dx[at] += dy[p]; },
          [&](auto d, const auto& largest, size_t p, size_t first, size_t known) HWY_ATTR {
            const hn::RebindToSigned<decltype(d)> offsets;
            HWY_ALIGN hn::TFromD<decltype(offsets)> offset[hn::MaxLanes(d)];
            hn::Store(largest.offset, offsets, offset);
            for (size_t i = known; i < hn::Lanes(d); ++i) {
              dx[first + i * w.stride_w + static_cast<size_t>(offset[i])] += dy[p + i];
            }
          });
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("MaxPool", {x}, this->OnnxWindows());
  }

 private:
  // Whether windows of 2 x 2 cells lie side by side, as in most nets.
  static bool HasQuads(const Windows& w) {
    return w.kernel_h == 2 && w.kernel_w == 2 && w.stride_h == 2 && w.stride_w == 2 &&
           w.pad_h == 0 && w.pad_w == 0 && w.out_w > 1;
  }

  // Calls f(d, place of the upper cells, of the lower cells, p) for windows from p on, one a lane.
  template <class F>
  static void ForQuads(const Windows& w, F f) {
    for (size_t c = 0; c < w.channels; ++c) {
      for (size_t oy = 0; oy < w.out_h; ++oy) {
        const size_t upper = c * w.plane() + 2 * oy * w.width;
        const size_t p = (c * w.out_h + oy) * w.out_w;
        ForVectors(hn::ScalableTag<T>(), w.out_w, [&](auto d, size_t at, size_t) HWY_ATTR {
          f(d, upper + 2 * at, upper + w.width + 2 * at, p + at);
        });
      }
    }
  }

  // Calls f(d, first of some windows, how many of these were there before) for `count` windows side
  // by side. Returns how many are done: all, or none where they are fewer than lanes.
  template <class D, class F>
  HWY_INLINE static size_t ForVectors(D d, size_t count, F f) {
    const size_t lanes = hn::Lanes(d);
    if (count < lanes) {
      if constexpr (hn::MaxLanes(d) > 2) return ForVectors(hn::Half<D>(), count, f);
      return 0;
    }
    for (size_t i = 0; i < count; i += lanes) {
      const size_t at = std::min(i, count - lanes);  // the last vector covers some windows again
      f(d, at, i - at);
    }
    return count;
  }

  // A last line or column that belongs to no window of 2 x 2 cells.
  static void ClearRest(const Windows& w, T* dx) {
    for (size_t c = 0; c < w.channels; ++c) {
      T* plane = dx + c * w.plane();
      for (size_t y = 0; y < w.height; ++y) {
        if (y == 2 * w.out_h) std::fill_n(plane + y * w.width, w.width, T{0});
        if (w.width > 2 * w.out_w) plane[y * w.width + w.width - 1] = T{0};
      }
    }
  }

  // Calls, for every window p in ascending order, either one(p, place of the first largest cell),
  // or for lanes of windows from p on many(d, their largest cells, p, place of the first window's
  // first cell, lanes that were there before).
  template <class One, class Many>
  static void ForLargest(const Windows& w, const T* x, One one, Many many) {
    // Windows [begin, end) of a line are whole.
    const size_t begin = std::min((w.pad_w + w.stride_w - 1) / w.stride_w, w.out_w);
    const size_t fit =
        w.width + w.pad_w < w.kernel_w ? 0 : (w.width + w.pad_w - w.kernel_w) / w.stride_w + 1;
    const bool whole = Vectors(w) && begin < std::min(fit, w.out_w);
    const size_t end = whole ? std::min(fit, w.out_w) : begin;
    for (size_t c = 0; c < w.channels; ++c) {
      for (size_t oy = 0; oy < w.out_h; ++oy) {
        const size_t p = (c * w.out_h + oy) * w.out_w;
        const auto scalar = [&](size_t from, size_t to) {
          for (size_t ox = from; ox < to; ++ox) {
            one(p + ox, c * w.plane() + First(w, x + c * w.plane(), w.At(oy, ox)));
          }
        };
        scalar(0, begin);
        const size_t done = begin + Lines(w, x, w.At(oy, begin < w.out_w ? begin : 0),
                                          c * w.plane() + begin * w.stride_w - w.pad_w, p + begin,
                                          end - begin, many);
        scalar(done, w.out_w);
      }
    }
  }

  // Whether Cells below can load what the lanes need.
  static bool Vectors(const Windows& w) {
    if (w.plane() > (size_t{1} << 30)) return false;  // for the offsets
    return w.stride_w == 1 || (w.stride_w == 2 && w.kernel_w > 1) ||
           (w.stride_w == 3 && w.kernel_w == 3);
  }

  // Windows [0, count) of a line, all of them whole: their lines are those of `cells`, and the
  // first one's first column is at `column`. Returns how many are done.
  template <class Many>
  static size_t Lines(const Windows& w, const T* x, const Windows::Cells& cells, size_t column,
                      size_t p, size_t count, Many many) {
    return ForVectors(hn::ScalableTag<T>(), count, [&](auto d, size_t at, size_t known) HWY_ATTR {
      const size_t first = column + cells.y0 * w.width + at * w.stride_w;
      Largest<decltype(d)> largest;
      for (size_t y = 0; y < cells.y1 - cells.y0; ++y) {
        TakeLine(d, w, x + first + y * w.width, y * w.width, y == 0, &largest);
      }
      many(d, largest, p + at, first, known);
    });
  }

  // One line of the windows of all lanes; the first window's begins at x.
  template <class D>
  HWY_INLINE static void TakeLine(D d, const Windows& w, const T* x, size_t offset, bool first,
                                  Largest<D>* largest) {
    hn::Vec<D> a, b, c;
    if (w.stride_w == 1) {
      for (size_t k = 0; k < w.kernel_w; ++k) {
        largest->Take(hn::LoadU(d, x + k), offset + k, first && k == 0);
      }
    } else if (w.stride_w == 2) {
      for (size_t k = 0; k + 1 < w.kernel_w; k += 2) {
        hn::LoadInterleaved2(d, x + k, a, b);
        largest->Take(a, offset + k, first && k == 0);
        largest->Take(b, offset + k + 1, false);
      }
      if (w.kernel_w % 2 == 0) return;
      // From one cell before, so that none beyond the windows is read.
      hn::LoadInterleaved2(d, x + w.kernel_w - 2, a, b);
      largest->Take(b, offset + w.kernel_w - 1, false);
    } else {
      hn::LoadInterleaved3(d, x, a, b, c);
      largest->Take(a, offset, first);
      largest->Take(b, offset + 1, false);
      largest->Take(c, offset + 2, false);
    }
  }

  // The first largest cell, within its plane.
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
