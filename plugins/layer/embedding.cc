#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

enum class BagMode { kMean, kSum };

constexpr auto NamesOf(BagMode) {
  return std::to_array<std::pair<BagMode, const char*>>(
      {{BagMode::kMean, "mean"}, {BagMode::kSum, "sum"}});
}

// Another initializer, with one row 0.
template <typename T>
class WithZeroRow final : public Initializer<T> {
 public:
  WithZeroRow(std::shared_ptr<const Initializer<T>> other, size_t row)
      : other_(std::move(other)), row_(row) {}

  void Fill(Matrix<T> w, const Fans& fans, Generator& generator) const override {
    other_->Fill(w, fans, generator);
    std::fill_n(w.Row(row_), w.cols, T{0});
  }

 private:
  const std::shared_ptr<const Initializer<T>> other_;
  const size_t row_;
};

// Rows of L ids; W is (num_embeddings, O).
template <typename T>
class Embedding : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "embedding",
      "Looks up a vector for each id in a row and takes their mean, as nn.EmbeddingBag does: a bag "
      "of words.",
      "y = sum over i of W[x_i] / n; n ids other than padding_idx; mode sum: not divided; y = 0 if "
      "n = 0",
      "{name: embedding, num_embeddings: 4, embedding_dim: 3}"};

  template <typename V>
  static void Fields(V& v) {
    v("num_embeddings", &Embedding::num_embeddings,
      {.doc = "number of ids: they are 0 to num_embeddings - 1",
       .min = 1,
       .max = 1 << 20,
       .required = true});
    v("embedding_dim", &Embedding::embedding_dim,
      {.doc = "size O of a vector", .min = 1, .max = 1 << 16, .required = true});
    v("padding_idx", &Embedding::padding_idx,
      {.doc = "the id that fills up short rows: it does not count, and its vector stays 0",
       .min = 0,
       .max = (1 << 20) - 1});
    v("mode", &Embedding::mode, {.doc = "what is made of the vectors of a row"});
    v("weight", &Embedding::weight, {.doc = "initial values of W"});
  }

  void CheckFields() const {
    if (!padding_idx || *padding_idx < num_embeddings) return;
    throw InputError("padding_idx is " + std::to_string(*padding_idx) +
                     ", but the last of the ids is " + std::to_string(num_embeddings - 1));
  }

  Shape Output(const Shape& input) const override {
    if (input.dims.size() != 1) {
      throw InputError("embedding needs flat rows of ids, not " + input.ToString());
    }
    return {{static_cast<size_t>(embedding_dim)}};
  }

  void Declare(const Shape&, Declaration<T>* d) const override {
    d->ids = static_cast<size_t>(num_embeddings);
    const Fans fans{d->ids, static_cast<size_t>(embedding_dim)};
    std::shared_ptr<const Initializer<T>> initial = weight.object;
    if (padding_idx) {
      initial = std::make_shared<WithZeroRow<T>>(initial, static_cast<size_t>(*padding_idx));
    }
    d->parameters.push_back({.name = "weight",
                             .rows = fans.in,
                             .cols = fans.out,
                             .fans = fans,
                             .initializer = initial});
  }

  void Forward(const ForwardBlock<T>& block) const override {
    const Matrix<const T> w = block.parameters[0].value;
    for (size_t r = 0; r < block.x.rows; ++r) {
      T* y = block.y.Row(r);
      std::fill_n(y, block.y.cols, T{0});
      const size_t count = ForIds(block.x.Row(r), block.x.cols, [&](size_t id) {
        const T* vector = w.Row(id);
        for (size_t c = 0; c < block.y.cols; ++c) y[c] += vector[c];
      });
      const T divisor = Divisor(count);
      for (size_t c = 0; c < block.y.cols; ++c) y[c] /= divisor;
    }
  }

  // Ids have no gradient.
  void Backward(const BackwardBlock<T>& block) const override {
    for (size_t r = 0; r < block.dx.rows; ++r) std::fill_n(block.dx.Row(r), block.dx.cols, T{0});
  }

  void Gradient(const GradientTile<T>& tile) const override {
    const Matrix<T> gradient = tile.gradient;
    for (size_t r = 0; r < gradient.rows && !tile.accumulate; ++r) {
      std::fill_n(gradient.Row(r), gradient.cols, T{0});
    }
    for (size_t r = 0; r < tile.x.rows; ++r) {
      const T* x = tile.x.Row(r);
      const T* dy = tile.dy.Row(r);
      const T divisor = Divisor(ForIds(x, tile.x.cols, [](size_t) {}));
      ForIds(x, tile.x.cols, [&](size_t id) {
        if (id < tile.begin || id - tile.begin >= gradient.rows) return;
        T* out = gradient.Row(id - tile.begin);
        for (size_t c = 0; c < gradient.cols; ++c) out[c] += dy[c] / divisor;
      });
    }
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    constexpr int64_t kInt64 = 7;
    const auto count = static_cast<size_t>(num_embeddings);
    const std::string ids = nodes.Add("Cast", {x}, {{"to", kInt64}});
    const std::string weights = nodes.Parameter("weight", {count, nodes.output().size()});
    const std::string vectors = nodes.Add("Gather", {weights, ids});
    if (!padding_idx) return OnnxBag(vectors, nodes);
    // 1 for each id that counts.
    std::vector<double> counts(count, 1);
    counts[static_cast<size_t>(*padding_idx)] = 0;
    const std::string counting = nodes.Add("Gather", {nodes.Numbers(counts, {count}), ids});
    const std::string wide = nodes.Add("Unsqueeze", {counting, nodes.Integers({2})});
    const std::string sum = OnnxBag(nodes.Add("Mul", {vectors, wide}), nodes);
    if (mode == BagMode::kSum) return sum;
    const std::string n = nodes.Add("ReduceSum", {counting, nodes.Integers({1})});
    return nodes.Add("Div", {sum, nodes.Add("Max", {n, nodes.Number(1)})});
  }

  int64_t num_embeddings = 1;
  int64_t embedding_dim = 1;
  std::optional<int64_t> padding_idx;
  BagMode mode = BagMode::kMean;
  Plug<Initializer<T>> weight{"randn"};

 private:
  // Calls f for the ids of a row that count and returns how many there are. Whoever gives the rows
  // checks them; what is no id after all counts as little as padding.
  template <typename F>
  size_t ForIds(const T* x, size_t n, F f) const {
    const T end = static_cast<T>(num_embeddings);
    size_t count = 0;
    for (size_t i = 0; i < n; ++i) {
      if (!(x[i] >= 0 && x[i] < end)) continue;
      const auto id = static_cast<size_t>(x[i]);
      if (padding_idx && id == static_cast<size_t>(*padding_idx)) continue;
      f(id);
      ++count;
    }
    return count;
  }

  // The mean of `vectors` (batch, ids, O) over the ids, or their sum.
  std::string OnnxBag(const std::string& vectors, OnnxNodes& nodes) const {
    if (!padding_idx && mode == BagMode::kMean) {
      return nodes.Add("ReduceMean", {vectors},
                       {{"axes", std::vector<int64_t>{1}}, {"keepdims", 0}});
    }
    return nodes.Add("ReduceSum", {vectors, nodes.Integers({1})}, {{"keepdims", 0}});
  }

  T Divisor(size_t count) const {
    return mode == BagMode::kSum || count == 0 ? T{1} : static_cast<T>(count);
  }
};

NABLA_PLUGIN_END(Embedding)
