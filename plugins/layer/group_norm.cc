#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// Rows (C, P), P positions of a picture or a sequence, 1 in flat rows. saved(r, ...) has the mean
// of each group, then 1 / sqrt(var + eps) of each.
template <typename T>
class GroupNorm : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "group_norm", "Normalises each group of channels of a row by itself (Wu and He 2018).",
      "y[c, p] = (x[c, p] - mean) / sqrt(var + eps) w[c] + b[c]; mean and biased variance over all "
      "positions of the C / num_groups channels that c is grouped with"};

  template <typename V>
  static void Fields(V& v) {
    v("num_groups", &GroupNorm::num_groups,
      {.doc = "number of groups, which must divide the number of channels C",
       .min = 1,
       .max = 1 << 16,
       .required = true});
    v("eps", &GroupNorm::eps, {.doc = "added to the variance", .min = 0});
    v("affine", &GroupNorm::affine, {.doc = "whether to apply w and b"});
  }

  Shape Output(const Shape& input) const override {
    if (input.dims[0] % Groups() != 0) {
      throw InputError("group_norm: " + std::to_string(num_groups) + " groups do not divide the " +
                       std::to_string(input.dims[0]) + " channels of rows of shape " +
                       input.ToString());
    }
    if (Of(input).group() == 1) {
      throw InputError("group_norm: a group needs at least 2 numbers, and " +
                       std::to_string(num_groups) + " groups of rows of shape " + input.ToString() +
                       " have 1 each");
    }
    return input;
  }

  void Declare(const Shape& input, Declaration<T>* d) const override {
    d->saved_per_row = 2 * Groups();
    if (!affine) return;
    const auto add = [&](const char* name, T value) {
      d->parameters.push_back({.name = name,
                               .rows = 1,
                               .cols = input.dims[0],
                               .initializer = std::make_shared<FilledInitializer<T>>(value)});
    };
    add("weight", 1);
    add("bias", 0);
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const Sizes sizes = Of(*block.shape);
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t g = 0; g < sizes.groups; ++g) {
        const T* x = block.x.Row(r) + g * sizes.group();
        const auto [mean, scale] = Moments(x, sizes.group());
        if (!block.saved.empty()) {
          block.saved(r, g) = mean;
          block.saved(r, sizes.groups + g) = scale;
        }
        Normalise(block, sizes, g, mean, scale, x, block.y.Row(r) + g * sizes.group());
      }
    }
  }

  void Backward(const BackwardBlock<T>& block) const override {
    const Sizes sizes = Of(*block.shape);
    const size_t n = sizes.group();
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t g = 0; g < sizes.groups; ++g) {
        const T* x = block.x.Row(r) + g * n;
        const T* dy = block.dy.Row(r) + g * n;
        T* dx = block.dx.Row(r) + g * n;
        const T mean = block.saved(r, g);
        const T scale = block.saved(r, sizes.groups + g);
        // dx holds dy w until it is known what the moments take away.
        for (size_t c = 0; c < sizes.channels; ++c) {
          const T w = affine ? block.parameters[0].value.data[g * sizes.channels + c] : T{1};
          const size_t end = (c + 1) * sizes.positions;
          for (size_t i = c * sizes.positions; i < end; ++i) dx[i] = dy[i] * w;
        }
        const double sum = Lanes(n, [dx](size_t i) { return double{dx[i]}; });
        const double slope =
            Lanes(n, [&](size_t i) { return double{dx[i]} * double{(x[i] - mean) * scale}; });
        const T mean_term = static_cast<T>(sum / static_cast<double>(n));
        const T slope_term = static_cast<T>(slope / static_cast<double>(n));
        for (size_t i = 0; i < n; ++i) {
          dx[i] = scale * (dx[i] - mean_term - (x[i] - mean) * scale * slope_term);
        }
      }
    }
  }

  void Gradient(const GradientTile<T>& tile) const override {
    const Sizes sizes = Of(*tile.shape);
    for (size_t r = 0; r < tile.dy.rows; ++r) {
      for (size_t c = 0; c < tile.gradient.cols; ++c) {
        const size_t g = c / sizes.channels;
        const T* x = tile.x.Row(r) + c * sizes.positions;
        const T* dy = tile.dy.Row(r) + c * sizes.positions;
        const T mean = tile.saved(r, g);
        const T scale = tile.saved(r, sizes.groups + g);
        const T sum = static_cast<T>(Lanes(sizes.positions, [&](size_t p) {
          return tile.parameter == 1 ? double{dy[p]}
                                     : double{dy[p]} * double{(x[p] - mean) * scale};
        }));
        T& out = tile.gradient(0, c);
        out = r > 0 || tile.accumulate ? out + sum : sum;
      }
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    // Each group of a row in turn is what layer_norm is for a row.
    const Shape& rows = nodes.input();
    const Shape groups{{Groups(), rows.size() / Groups()}};
    const OnnxNodes::Attributes group = {{"axes", std::vector<int64_t>{2}}};
    const std::string grouped = nodes.Shaped(x, groups);
    const std::string centred =
        nodes.Add("Sub", {grouped, nodes.Add("ReduceMean", {grouped}, group)});
    const std::string variance =
        nodes.Add("ReduceMean", {nodes.Add("Mul", {centred, centred})}, group);
    const std::string shifted = nodes.Add("Add", {variance, nodes.Number(eps)});
    const std::string normal = nodes.Add("Div", {centred, nodes.Add("Sqrt", {shifted})});
    std::string y = rows.dims.size() == 1 ? nodes.Flat(normal, groups) : nodes.Shaped(normal, rows);
    if (!affine) return y;
    std::vector<size_t> channels(rows.dims.size(), 1);
    channels[0] = rows.dims[0];
    y = nodes.Add("Mul", {y, nodes.Parameter("weight", channels)});
    return nodes.Add("Add", {y, nodes.Parameter("bias", channels)});
  }

  int64_t num_groups = 1;
  double eps = 1e-5;
  bool affine = true;

 private:
  struct Sizes {
    size_t groups;
    size_t channels;  // of a group
    size_t positions;
    size_t group() const { return channels * positions; }
  };

  size_t Groups() const { return static_cast<size_t>(num_groups); }

  Sizes Of(const Shape& input) const {
    return {Groups(), input.dims[0] / Groups(), input.size() / input.dims[0]};
  }

  // The mean and 1 / sqrt(var + eps) of x (n).
  std::pair<T, T> Moments(const T* x, size_t n) const {
    const double count = static_cast<double>(n);
    const double mean = Lanes(n, [x](size_t i) { return double{x[i]}; }) / count;
    const double squares = Lanes(n, [x, mean](size_t i) {
      const double d = double{x[i]} - mean;
      return d * d;
    });
    return {static_cast<T>(mean), static_cast<T>(1.0 / std::sqrt(squares / count + eps))};
  }

  void Normalise(const ForwardBlock<T>& block, const Sizes& sizes, size_t g, T mean, T scale,
                 const T* x, T* y) const {
    for (size_t c = 0; c < sizes.channels; ++c) {
      const size_t channel = g * sizes.channels + c;
      const T w = affine ? block.parameters[0].value.data[channel] : T{1};
      const T b = affine ? block.parameters[1].value.data[channel] : T{0};
      for (size_t i = c * sizes.positions; i < (c + 1) * sizes.positions; ++i) {
        y[i] = (x[i] - mean) * scale * w + b;
      }
    }
  }
};

NABLA_PLUGIN_END(GroupNorm)
