#include "framework/check/layer_probe.h"

#include <algorithm>
#include <numeric>

namespace nabla {
namespace {

// Passes its input on. Its unused parameter makes the engine compute the gradient of its output,
// which is the input gradient of the probed layer.
template <typename T>
class Source final : public Layer<T> {
 public:
  Shape Output(const Shape& input) const override { return input; }
  void Declare(const Shape&, Declaration<T>* d) const override {
    d->parameters.push_back({.name = "unused",
                             .rows = 1,
                             .cols = 1,
                             .initializer = std::make_shared<FilledInitializer<T>>(T{0})});
  }
  void Forward(const ForwardBlock<T>& block) const override {
    for (size_t r = 0; r < block.x.rows; ++r) {
      std::copy_n(block.x.Row(r), block.x.cols, block.y.Row(r));
    }
  }
  void Backward(const BackwardBlock<T>&) const override {}
  void Gradient(const GradientTile<T>& tile) const override { tile.gradient(0, 0) = 0; }
};

template <typename T>
class LinearForm final : public Loss<T> {
 public:
  void Check(const Shape&, size_t, size_t) const override {}
  void Rows(Matrix<const T> z, const Targets<T>& targets, size_t, double* rows,
            Matrix<T> dz) const override {
    for (size_t r = 0; r < z.rows; ++r) {
      rows[r] = 0;
      for (size_t c = 0; c < z.cols; ++c) {
        dz(r, c) = targets.values(r, c);
        rows[r] += static_cast<double>(dz(r, c)) * static_cast<double>(z(r, c));
      }
    }
  }
  double Weight(double) const override { return 1; }
};

template <typename T>
class Still final : public Optimizer<T> {
 public:
  double LearningRate() const override { return 0; }
  void Update(const UpdateSpan<T>&) const override {}
};

}  // namespace

template <typename T>
LayerProbe<T>::LayerProbe(std::shared_ptr<const Layer<T>> layer, const Shape& input, size_t rows,
                          Generator& generator)
    : rows_(rows),
      network_({{std::make_shared<Source<T>>(), {}}, {std::move(layer), {}}}, input, generator),
      loss_(std::make_unique<LinearForm<T>>()),
      optimizer_(std::make_unique<Still<T>>()),
      x_(rows * input.size()),
      dy_(rows * network_.output().size()),
      order_(rows),
      samples_{.count = rows,
               .shape = input,
               .numbers = x_,
               .values_per_row = network_.output().size(),
               .values = dy_},
      threads_(1) {
  std::iota(order_.begin(), order_.end(), 0u);
}

template <typename T>
LayerProbe<T>::~LayerProbe() = default;

template <typename T>
bool LayerProbe<T>::blockwise_gradient() const {
  const auto& all = network_.parameters();
  return std::any_of(all.begin(), all.end(),
                     [](const Parameter<T>& p) { return p.blockwise_gradient; });
}

template <typename T>
Plan LayerProbe<T>::MakeCutPlan(const Cuts& cuts) const {
  Plan plan = MakePlan(network_, rows_, 1);
  plan.chunk_rows = cuts.chunk > 0 ? cuts.chunk : rows_;
  plan.alone.block_rows = cuts.block > 0 ? cuts.block : rows_;
  plan.alone.tiles.clear();
  plan.alone.tile_numbers = 0;
  for (size_t p = 0; p < network_.parameters().size(); ++p) {
    if (!network_.parameters()[p].trained) continue;
    const Matrix<T> value = network_.parameters()[p].value.view();
    const size_t height = cuts.tile > 0 ? cuts.tile : value.rows;
    for (size_t begin = 0; begin < value.rows; begin += height) {
      plan.alone.tiles.push_back({p, begin, std::min(value.rows, begin + height)});
    }
    plan.alone.tile_numbers = std::max(plan.alone.tile_numbers, height * value.stride);
  }
  return plan;
}

template <typename T>
double LayerProbe<T>::Run(const Cuts& cuts) {
  if (!step_ || !(cuts == cuts_)) {
    cuts_ = cuts;
    step_.emplace(network_, *loss_, *optimizer_, samples_, rows_, threads_, MakeCutPlan(cuts));
    step_->KeepGradients();
  }
  for (size_t p = 0; p < network_.parameters().size(); ++p) {
    network_.Mirror(p, 0, network_.parameters()[p].value.view().rows);
  }
  constexpr uint64_t kKey = 1;
  return step_->Train(order_, 0, 1, kKey).loss;
}

template <typename T>
void LayerProbe<T>::Evaluate(size_t block, Matrix<T> y) const {
  const NetworkLayer<T>& placed = network_.layers()[1];
  OwnedMatrix<T> x(rows_, placed.input.size());
  for (size_t i = 0; i < x_.size(); ++i) {
    x.view()(i / placed.input.size(), i % placed.input.size()) = static_cast<T>(x_[i]);
  }
  const Storage<T> scratch(network_.scratch());
  for (size_t begin = 0; begin < rows_; begin += block) {
    const size_t end = std::min(rows_, begin + block);
    placed.layer->Forward({.shape = &placed.input,
                           .x = x.view().Rows(begin, end),
                           .y = y.Rows(begin, end),
                           .parameters = network_.views(1),
                           .scratch = scratch.data(),
                           .first_row = begin});
  }
}

template class LayerProbe<float>;
template class LayerProbe<double>;

}  // namespace nabla
