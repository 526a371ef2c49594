// Windows that slide over the height and width of planes.
#ifndef NABLA_FRAMEWORK_TENSOR_WINDOWS_H_
#define NABLA_FRAMEWORK_TENSOR_WINDOWS_H_

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nabla {

// A row of shape (channels, height, width), seen through windows.
struct Windows {
  size_t channels = 1, height = 1, width = 1;
  size_t kernel_h = 1, kernel_w = 1;
  size_t stride_h = 1, stride_w = 1;
  size_t pad_h = 0, pad_w = 0;
  size_t dilation_h = 1, dilation_w = 1;  // steps between the elements of a kernel
  // floor((size + 2 pad - extent) / stride) + 1, where extent = dilation (kernel - 1) + 1.
  size_t out_h = 1, out_w = 1;

  size_t positions() const { return out_h * out_w; }
  size_t kernel_size() const { return kernel_h * kernel_w; }
  size_t plane() const { return height * width; }
  size_t seen() const { return channels * kernel_size(); }  // numbers in a window
  size_t extent_h() const { return dilation_h * (kernel_h - 1) + 1; }
  size_t extent_w() const { return dilation_w * (kernel_w - 1) + 1; }

  // Rows [y0, y1) and columns [x0, x1).
  struct Cells {
    size_t y0, y1, x0, x1;
  };
  // The elements of a kernel that lie inside the image when it is put on window (oy, ox).
  Cells ElementsAt(size_t oy, size_t ox) const {
    const auto clip = [](size_t start, size_t kernel, size_t dilation, size_t pad, size_t size) {
      const auto steps = [&](size_t to) {
        return start >= to ? 0 : (to - start + dilation - 1) / dilation;
      };
      const size_t end = std::min(kernel, steps(size + pad));
      return std::pair<size_t, size_t>{std::min(steps(pad), end), end};
    };
    const auto [y0, y1] = clip(oy * stride_h, kernel_h, dilation_h, pad_h, height);
    const auto [x0, x1] = clip(ox * stride_w, kernel_w, dilation_w, pad_w, width);
    return {y0, y1, x0, x1};
  }
  // The cells of window (oy, ox) that lie inside the image, without dilation.
  Cells At(size_t oy, size_t ox) const {
    const auto clip = [](size_t start, size_t kernel, size_t pad, size_t size) {
      const size_t begin = start > pad ? start - pad : 0;
      const size_t end = start + kernel > pad ? std::min(size, start + kernel - pad) : 0;
      return std::pair<size_t, size_t>{std::min(begin, end), end};
    };
    const auto [y0, y1] = clip(oy * stride_h, kernel_h, pad_h, height);
    const auto [x0, x1] = clip(ox * stride_w, kernel_w, pad_w, width);
    return {y0, y1, x0, x1};
  }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TENSOR_WINDOWS_H_
