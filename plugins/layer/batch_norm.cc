#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// Rows (C, ...) are normalised per channel, flat rows per feature. statistics(c, ...) holds:
enum Statistic {
  kMean,
  kScale,
  kBiasGradient,    // sum of dy
  kWeightGradient,  // sum of dy times the normalised x
  kMeanTerm,        // this and the next: both sums divided by the numbers per channel
  kSlopeTerm,
  kStatistics
};

template <typename T>
class BatchNorm : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "batch_norm",
      "Normalises each channel, or each feature of flat rows, over the batch (Ioffe and Szegedy "
      "2015).",
      "y = (x - mean) / sqrt(var + eps) w + b; training: mean and biased variance of the batch; "
      "evaluating: running values, running = (1 - momentum) running + momentum batch (unbiased "
      "variance); with train.gradient_shards each shard is normalised by itself, and the running "
      "values are averaged over shards, weighted by rows"};

  template <typename V>
  static void Fields(V& v) {
    v("eps", &BatchNorm::eps, {.doc = "added to the variance", .min = 0});
    v("momentum", &BatchNorm::momentum,
      {.doc = "weight of a batch in the running statistics", .min = 0, .max = 1});
    v("affine", &BatchNorm::affine, {.doc = "whether to apply w and b"});
  }

  Shape Output(const Shape& input) const override { return input; }

  void Declare(const Shape& input, Declaration<T>* d) const override {
    d->channels = input.dims.size() == 1 ? input.size() : input.dims[0];
    d->statistics = kStatistics;
    d->scratch = 5 * d->channels;
    // One number has no variance: all rows would become 0.
    d->least_rows = input.size() == d->channels ? 2 : 1;
    const auto add = [&](const char* name, T value, bool trained) {
      d->parameters.push_back({.name = name,
                               .rows = 1,
                               .cols = d->channels,
                               .initializer = std::make_shared<FilledInitializer<T>>(value),
                               .trained = trained});
    };
    add("running_mean", 0, false);
    add("running_var", 1, false);
    if (!affine) return;
    add("weight", 1, true);
    add("bias", 0, true);
  }

  void ComputeBatchStatistics(const BatchStatistics<T>& c) const override {
    const size_t size = c.x.cols / c.statistics.rows;
    const double count = static_cast<double>(c.x.rows * size);
    ForGroups(c, [&](size_t first, size_t channels) {
      Group mean =
          Sums(c, first, channels, [&](size_t r, size_t, size_t i) { return double{c.x(r, i)}; });
      for (double& m : mean) m /= count;
      const Group squares = Sums(c, first, channels, [&](size_t r, size_t k, size_t i) {
        const double d = double{c.x(r, i)} - mean[k];
        return d * d;
      });
      for (size_t k = 0; k < channels; ++k) {
        const size_t g = first + k;
        c.statistics(g, kMean) = static_cast<T>(mean[k]);
        c.statistics(g, kScale) = static_cast<T>(1.0 / std::sqrt(squares[k] / count + eps));
        const auto blend = [&](T& running, double value) {
          running = static_cast<T>((1 - momentum) * double{running} + momentum * value);
        };
        blend(c.parameters[0].data[g], mean[k]);
        blend(c.parameters[1].data[g], squares[k] / std::max(count - 1, 1.0));
      }
    });
  }

  void ComputeGradientStatistics(const BatchStatistics<T>& c) const override {
    const size_t size = c.x.cols / c.statistics.rows;
    const double count = static_cast<double>(c.x.rows * size);
    ForGroups(c, [&](size_t first, size_t channels) {
      Group mean{}, scale{};
      for (size_t k = 0; k < channels; ++k) {
        mean[k] = double{c.statistics(first + k, kMean)};
        scale[k] = double{c.statistics(first + k, kScale)};
      }
      const Group sum =
          Sums(c, first, channels, [&](size_t r, size_t, size_t i) { return double{c.dy(r, i)}; });
      const Group slope = Sums(c, first, channels, [&](size_t r, size_t k, size_t i) {
        return double{c.dy(r, i)} * ((double{c.x(r, i)} - mean[k]) * scale[k]);
      });
      for (size_t k = 0; k < channels; ++k) {
        const size_t g = first + k;
        c.statistics(g, kBiasGradient) = static_cast<T>(sum[k]);
        c.statistics(g, kWeightGradient) = static_cast<T>(slope[k]);
        c.statistics(g, kMeanTerm) = static_cast<T>(sum[k] / count);
        c.statistics(g, kSlopeTerm) = static_cast<T>(slope[k] / count);
      }
    });
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const size_t channels = block.parameters[0].value.cols;
    T* mean = block.scratch;
    T* scale = mean + channels;
    T* w = scale + channels;
    T* b = w + channels;
    for (size_t g = 0; g < channels; ++g) {
      mean[g] = block.training ? block.statistics(g, kMean) : Value(block, 0, g);
      scale[g] = block.training ? block.statistics(g, kScale)
                                : static_cast<T>(1.0 / std::sqrt(double{Value(block, 1, g)} + eps));
      w[g] = affine ? Value(block, 2, g) : T{1};
      b[g] = affine ? Value(block, 3, g) : T{0};
    }
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* x = block.x.Row(r);
      T* y = block.y.Row(r);
      ForNumbers(block.x.cols / channels, channels,
                 [=](size_t g, size_t i) { y[i] = (x[i] - mean[g]) * scale[g] * w[g] + b[g]; });
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const size_t channels = block.statistics.rows;
    T* mean = block.scratch;
    T* scale = mean + channels;
    T* factor = scale + channels;
    T* mean_term = factor + channels;
    T* slope_term = mean_term + channels;
    for (size_t g = 0; g < channels; ++g) {
      mean[g] = block.statistics(g, kMean);
      scale[g] = block.statistics(g, kScale);
      factor[g] = (affine ? block.parameters[2].value.data[g] : T{1}) * scale[g];
      mean_term[g] = block.statistics(g, kMeanTerm);
      slope_term[g] = block.statistics(g, kSlopeTerm);
    }
    for (size_t r = 0; r < block.x.rows; ++r) {
      const T* x = block.x.Row(r);
      const T* dy = block.dy.Row(r);
      T* dx = block.dx.Row(r);
      ForNumbers(block.x.cols / channels, channels, [=](size_t g, size_t i) {
        dx[i] = factor[g] * (dy[i] - mean_term[g] - (x[i] - mean[g]) * scale[g] * slope_term[g]);
      });
    }
  }

  // ComputeGradientStatistics has already computed both sums.
  void Gradient(const GradientTile<T>& tile) const override {
    const Statistic which = tile.parameter == 2 ? kWeightGradient : kBiasGradient;
    for (size_t g = 0; g < tile.gradient.cols; ++g) {
      tile.gradient(0, g) = tile.statistics(g, which);
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const size_t n = nodes.input().dims[0];
    const auto filled = [&](double value) {
      return nodes.Numbers(std::vector<double>(n, value), {n});
    };
    const std::string w = affine ? nodes.Parameter("weight", {n}) : filled(1);
    const std::string b = affine ? nodes.Parameter("bias", {n}) : filled(0);
    return nodes.Add(
        "BatchNormalization",
        {x, w, b, nodes.Parameter("running_mean", {n}), nodes.Parameter("running_var", {n})},
        {{"epsilon", eps}});
  }

  double eps = 1e-5;
  double momentum = 0.1;
  bool affine = true;

 private:
  // Neighbouring channels, whose sums are found side by side.
  static constexpr size_t kGroup = 16;
  using Group = std::array<double, kGroup>;

  static T Value(const ForwardBlock<T>& block, size_t parameter, size_t channel) {
    return block.parameters[parameter].value.data[channel];
  }

  // Calls f(first channel, number of channels).
  template <typename F>
  static void ForGroups(const BatchStatistics<T>& c, F f) {
    for (size_t g = c.begin; g < c.end; g += kGroup) f(g, std::min(kGroup, c.end - g));
  }

  // For each of these channels, k, the sum of f(r, k, i) over rows r and the channel's columns i:
  // rows ascending, each row by Lanes.
  template <typename F>
  static Group Sums(const BatchStatistics<T>& c, size_t first, size_t channels, F f) {
    const size_t size = c.x.cols / c.statistics.rows;
    Group sum{};
    for (size_t r = 0; size == 1 && channels == kGroup && r < c.x.rows; ++r) {
      for (size_t k = 0; k < kGroup; ++k) sum[k] += f(r, k, first + k);
    }
    if (size == 1 && channels == kGroup) return sum;
    for (size_t k = 0; k < channels; ++k) {
      for (size_t r = 0; r < c.x.rows; ++r) {
        sum[k] += Lanes(size, [&](size_t i) { return f(r, k, (first + k) * size + i); });
      }
    }
    return sum;
  }

  // Calls f(channel, column) for all numbers of a row.
  template <typename F>
  static void ForNumbers(size_t size, size_t channels, F f) {
    if (size == 1) {
      for (size_t g = 0; g < channels; ++g) f(g, g);
      return;
    }
    for (size_t g = 0; g < channels; ++g) {
      for (size_t i = 0; i < size; ++i) f(g, g * size + i);
    }
  }
};

NABLA_PLUGIN_END(BatchNorm)
