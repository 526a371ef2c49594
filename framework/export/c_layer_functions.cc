#include "framework/export/c_functions.h"

namespace nabla {
namespace {

// Sums in double: 8 partial sums by index mod 8, then pairwise (framework/tensor/lanes.h).
constexpr std::string_view kSum = R"(
// The sum of x[i], or with squares of (x[i] - mean)^2: eight partial sums, then pairwise.
static inline double @sum(const real *x, size_t n, int squares, double mean) {
  double lane[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  for (size_t i = 0; i < n; ++i) {
    const double d = (double)x[i] - mean;
    lane[i % 8] += squares ? d * d : (double)x[i];
  }
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}
)";

constexpr std::string_view kLinear = R"(
// y[o] = b[o] + sum over k of x[k] w[k][o]
static inline void @linear(const real *x, const real *w, const real *b, size_t inputs,
                           size_t outputs, real *y) {
  for (size_t o = 0; o < outputs; ++o) y[o] = b != NULL ? b[o] : 0;
  for (size_t k = 0; k < inputs; ++k) {
    for (size_t o = 0; o < outputs; ++o) y[o] = fma$(x[k], w[k * outputs + o], y[o]);
  }
}
)";

constexpr std::string_view kWindows = R"(
// What slides over a row of shape channels x height x width, and what comes out.
struct @windows {
  size_t channels, height, width;
  size_t outputs, out_height, out_width;
  size_t kernel_height, kernel_width;
  size_t stride_height, stride_width;
  size_t pad_height, pad_width;
  size_t dilation_height, dilation_width;
  size_t groups;
};
)";

constexpr std::string_view kConvolution = R"(
// weight (outputs, channels / groups, kernel height, kernel width); zeros outside of the row
static inline void @convolution(const real *x, const real *weight, const real *bias,
                                const struct @windows *s, real *y) {
  const size_t seen = s->channels / s->groups;
  for (size_t o = 0; o < s->outputs; ++o) {
    const size_t first = o / (s->outputs / s->groups) * seen;
    for (size_t out = 0; out < s->out_height * s->out_width; ++out) {
      const real *w = weight + o * seen * s->kernel_height * s->kernel_width;
      real sum = bias != NULL ? bias[o] : 0;
      for (size_t c = first; c < first + seen; ++c) {
        for (size_t i = 0; i < s->kernel_height; ++i) {
          const size_t row = out / s->out_width * s->stride_height + i * s->dilation_height;
          for (size_t j = 0; j < s->kernel_width; ++j, ++w) {
            const size_t col = out % s->out_width * s->stride_width + j * s->dilation_width;
            if (row < s->pad_height || row - s->pad_height >= s->height) continue;
            if (col < s->pad_width || col - s->pad_width >= s->width) continue;
            sum = fma$(*w,
                       x[(c * s->height + row - s->pad_height) * s->width + col - s->pad_width],
                       sum);
          }
        }
      }
      *y++ = sum;
    }
  }
}
)";

constexpr std::string_view kTransposed = R"(
// weight (channels, outputs / groups, kernel height, kernel width)
static inline void @conv_transpose(const real *x, const real *weight, const real *bias,
                                   const struct @windows *s, real *y) {
  const size_t per = s->outputs / s->groups;
  const size_t seen = s->channels / s->groups;
  const size_t plane = s->height * s->width;
  const size_t kernel = s->kernel_height * s->kernel_width;
  for (size_t o = 0; o < s->outputs; ++o) {
    const size_t first = o / per * seen;
    real *to = y + o * s->out_height * s->out_width;
    for (size_t q = 0; q < s->out_height * s->out_width; ++q) to[q] = bias != NULL ? bias[o] : 0;
    for (size_t k = 0; k < kernel; ++k) {
      for (size_t p = 0; p < plane; ++p) {
        const size_t row =
            p / s->width * s->stride_height + k / s->kernel_width * s->dilation_height;
        const size_t col = p % s->width * s->stride_width + k % s->kernel_width * s->dilation_width;
        real sum = 0;
        if (row < s->pad_height || row - s->pad_height >= s->out_height) continue;
        if (col < s->pad_width || col - s->pad_width >= s->out_width) continue;
        for (size_t c = first; c < first + seen; ++c) {
          sum = fma$(weight[(c * per + o % per) * kernel + k], x[c * plane + p], sum);
        }
        to[(row - s->pad_height) * s->out_width + col - s->pad_width] += sum;
      }
    }
  }
}
)";

constexpr std::string_view kPool = R"(
// The largest number of each window, or its mean, which may count the padding.
static inline void @pool(const real *x, const struct @windows *s, int mean, int count_padding,
                         real *y) {
  for (size_t out = 0; out < s->outputs * s->out_height * s->out_width; ++out) {
    const size_t place = out % (s->out_height * s->out_width);
    const real *plane = x + out / (s->out_height * s->out_width) * s->height * s->width;
    size_t count = 0;
    real sum = 0;
    real best = 0;
    for (size_t i = 0; i < s->kernel_height; ++i) {
      const size_t row = place / s->out_width * s->stride_height + i;
      for (size_t j = 0; j < s->kernel_width; ++j) {
        const size_t col = place % s->out_width * s->stride_width + j;
        real v;
        if (row < s->pad_height || row - s->pad_height >= s->height) continue;
        if (col < s->pad_width || col - s->pad_width >= s->width) continue;
        v = plane[(row - s->pad_height) * s->width + col - s->pad_width];
        sum += v;
        if (count == 0 || v > best || v != v) best = v;
        ++count;
      }
    }
    if (count_padding) count = s->kernel_height * s->kernel_width;
    y[out] = mean ? sum / (real)count : best;
  }
}
)";

constexpr std::string_view kPlaneMeans = R"(
static inline void @plane_means(const real *x, size_t channels, size_t size, real *y) {
  for (size_t c = 0; c < channels; ++c) {
    y[c] = (real)(@sum(x + c * size, size, 0, 0) / (double)size);
  }
}
)";

constexpr std::string_view kBatchNorm = R"(
// y = (x - mean) scale w + b for each channel
static inline void @batch_norm(const real *x, const real *mean, const real *scale, const real *w,
                               const real *b, size_t channels, size_t size, real *y) {
  for (size_t i = 0; i < channels * size; ++i) {
    const size_t c = i / size;
    const real normal = (x[i] - mean[c]) * scale[c];
    y[i] = w != NULL ? normal * w[c] + b[c] : normal;
  }
}
)";

constexpr std::string_view kGroupNorm = R"(
// y = (x - mean) / sqrt(var + eps) w + b, the moments over each group of `channels` channels
static inline void @group_norm(const real *x, const real *w, const real *b, size_t groups,
                               size_t channels, size_t size, double eps, real *y) {
  const size_t n = channels * size;
  for (size_t g = 0; g < groups; ++g) {
    const double mean = @sum(x + g * n, n, 0, 0) / (double)n;
    const double var = @sum(x + g * n, n, 1, mean) / (double)n;
    const real centre = (real)mean;
    const real scale = (real)(1.0 / sqrt(var + eps));
    for (size_t i = g * n; i < (g + 1) * n; ++i) {
      const real normal = (x[i] - centre) * scale;
      y[i] = w != NULL ? normal * w[i / size] + b[i / size] : normal;
    }
  }
}
)";

constexpr std::string_view kEmbedding = R"(
// The sum of w[id] over the ids in x, or their mean; `padding` and what is no id do not count.
static inline void @embedding(const real *x, const real *w, size_t length, size_t ids, size_t size,
                              size_t padding, int mean, real *y) {
  size_t count = 0;
  for (size_t o = 0; o < size; ++o) y[o] = 0;
  for (size_t i = 0; i < length; ++i) {
    size_t id;
    if (!(x[i] >= 0 && x[i] < (real)ids)) continue;
    id = (size_t)x[i];
    if (id == padding) continue;
    for (size_t o = 0; o < size; ++o) y[o] += w[id * size + o];
    ++count;
  }
  if (!mean || count == 0) return;
  for (size_t o = 0; o < size; ++o) y[o] /= (real)count;
}
)";

}  // namespace

const std::vector<CFunction>& CLayerFunctions() {
  static const std::vector<CFunction> functions = {{"sum", kSum},
                                                   {"linear", kLinear},
                                                   {"windows", kWindows},
                                                   {"convolution", kConvolution, {"windows"}},
                                                   {"conv_transpose", kTransposed, {"windows"}},
                                                   {"pool", kPool, {"windows"}},
                                                   {"plane_means", kPlaneMeans, {"sum"}},
                                                   {"batch_norm", kBatchNorm},
                                                   {"group_norm", kGroupNorm, {"sum"}},
                                                   {"embedding", kEmbedding}};
  return functions;
}

}  // namespace nabla
