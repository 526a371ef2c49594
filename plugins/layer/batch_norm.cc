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
    const size_t channels = c.statistics.rows;
    const size_t size = c.x.cols / channels;
    const double count = static_cast<double>(c.x.rows * size);
    for (size_t g = c.begin; g < c.end; ++g) {
      const double mean =
          Sum(c.x.rows, size, [&](size_t r, size_t i) { return double{c.x(r, g * size + i)}; }) /
          count;
      const double squares = Sum(c.x.rows, size, [&](size_t r, size_t i) {
        const double d = double{c.x(r, g * size + i)} - mean;
        return d * d;
      });
      c.statistics(g, kMean) = static_cast<T>(mean);
      c.statistics(g, kScale) = static_cast<T>(1.0 / std::sqrt(squares / count + eps));
      const auto blend = [&](T& running, double value) {
        running = static_cast<T>((1 - momentum) * double{running} + momentum * value);
      };
      blend(c.parameters[0].data[g], mean);
      blend(c.parameters[1].data[g], squares / std::max(count - 1, 1.0));
    }
  }

  void ComputeGradientStatistics(const BatchStatistics<T>& c) const override {
    const size_t size = c.x.cols / c.statistics.rows;
    for (size_t g = c.begin; g < c.end; ++g) {
      const double mean = double{c.statistics(g, kMean)};
      const double scale = double{c.statistics(g, kScale)};
      const auto dy = [&](size_t r, size_t i) { return double{c.dy(r, g * size + i)}; };
      const double sum = Sum(c.x.rows, size, dy);
      const double slope = Sum(c.x.rows, size, [&](size_t r, size_t i) {
        return dy(r, i) * ((double{c.x(r, g * size + i)} - mean) * scale);
      });
      const double count = static_cast<double>(c.x.rows * size);
      c.statistics(g, kBiasGradient) = static_cast<T>(sum);
      c.statistics(g, kWeightGradient) = static_cast<T>(slope);
      c.statistics(g, kMeanTerm) = static_cast<T>(sum / count);
      c.statistics(g, kSlopeTerm) = static_cast<T>(slope / count);
    }
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const size_t channels = block.parameters[0].value.cols;
    const size_t size = block.x.cols / channels;
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t g = 0; g < channels; ++g) {
        const T mean = block.training ? block.statistics(g, kMean) : Buffer(block, 0, g);
        const T scale = block.training
                            ? block.statistics(g, kScale)
                            : static_cast<T>(1.0 / std::sqrt(double{Buffer(block, 1, g)} + eps));
        const T w = affine ? Buffer(block, 2, g) : T{1};
        const T b = affine ? Buffer(block, 3, g) : T{0};
        const T* x = block.x.Row(r) + g * size;
        T* y = block.y.Row(r) + g * size;
        for (size_t i = 0; i < size; ++i) y[i] = (x[i] - mean) * scale * w + b;
      }
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const size_t channels = block.statistics.rows;
    const size_t size = block.x.cols / channels;
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t g = 0; g < channels; ++g) {
        const T mean = block.statistics(g, kMean);
        const T scale = block.statistics(g, kScale);
        const T g_mean = block.statistics(g, kMeanTerm);
        const T g_slope = block.statistics(g, kSlopeTerm);
        const T w = affine ? block.parameters[2].value.data[g] : T{1};
        const T* x = block.x.Row(r) + g * size;
        const T* dy = block.dy.Row(r) + g * size;
        T* dx = block.dx.Row(r) + g * size;
        for (size_t i = 0; i < size; ++i) {
          dx[i] = w * scale * (dy[i] - g_mean - (x[i] - mean) * scale * g_slope);
        }
      }
    }
  }

  // ComputeGradientStatistics has already computed both sums.
  void Gradient(const GradientTile<T>& tile) const override {
    const Statistic which = tile.parameter == 2 ? kWeightGradient : kBiasGradient;
    for (size_t g = 0; g < tile.gradient.cols; ++g) {
      tile.gradient(0, g) = tile.statistics(g, which);
    }
  }

  double eps = 1e-5;
  double momentum = 0.1;
  bool affine = true;

 private:
  static T Buffer(const ForwardBlock<T>& block, size_t parameter, size_t group) {
    return block.parameters[parameter].value.data[group];
  }

  // The sum of f(r, i) over rows r and numbers i < size: rows ascending, each row by Lanes.
  template <typename F>
  static double Sum(size_t rows, size_t size, F f) {
    double sum = 0;
    for (size_t r = 0; r < rows; ++r) {
      sum += Lanes(size, [&](size_t i) { return f(r, i); });
    }
    return sum;
  }
};

NABLA_PLUGIN_END(BatchNorm)
