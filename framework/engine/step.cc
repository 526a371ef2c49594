#include "framework/engine/step.h"

#include <algorithm>
#include <utility>

#include "framework/base/philox.h"
#include "framework/engine/rows.h"
#include "framework/kernels/rows.h"

namespace nabla {
namespace {

// More states than any optimizer has.
constexpr size_t kMostStates = 8;

}  // namespace

template <typename T>
Step<T>::Step(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
              const Samples& samples, size_t batch_rows, Threads& threads, Plan plan)
    : network_(network),
      loss_(loss),
      optimizer_(optimizer),
      samples_(samples),
      threads_(threads),
      plan_(std::move(plan)) {
  const size_t rows = std::min(batch_rows, plan_.chunk_rows);
  inputs_ = OwnedMatrix<T>(rows, samples.shape.size());
  for (const PlacedLayer<T>& layer : network.layers()) {
    outputs_.emplace_back(rows, layer.output.size());
    output_gradients_.emplace_back(rows, layer.output.size());
    saved_.emplace_back(rows, layer.saved_per_row);
  }
  labels_.resize(rows);
  target_values_ = OwnedMatrix<T>(rows, samples.values_per_row);
  row_losses_.resize(rows);
  row_right_.resize(rows);
  for (const Parameter<T>& p : network.parameters()) {
    std::vector<OwnedMatrix<T>>& states = states_.emplace_back();
    for (size_t s = 0; s < optimizer.States(); ++s) {
      states.emplace_back(p.value.view().rows, p.value.view().cols);
    }
  }
  for (size_t worker = 0; worker < threads.count(); ++worker) {
    tile_gradients_.emplace_back(plan_.tile_numbers);
  }
  if (plan_.chunks(batch_rows) > 1) KeepGradients();
}

template <typename T>
void Step<T>::KeepGradients() {
  if (!gradients_.empty()) return;
  for (const Parameter<T>& p : network_.parameters()) {
    gradients_.emplace_back(p.value.view().rows, p.value.view().cols);
  }
}

template <typename T>
BatchFigures Step<T>::Train(std::span<const uint32_t> order, double lr, int64_t step,
                            uint64_t key) {
  BatchFigures figures;
  double loss_sum = 0;
  for (size_t begin = 0; begin < order.size(); begin += plan_.chunk_rows) {
    const size_t rows = std::min(plan_.chunk_rows, order.size() - begin);
    const Batch batch{.order = order.subspan(begin, rows),
                      .rows = order.size(),
                      .first_chunk = begin == 0,
                      .last_chunk = begin + rows == order.size(),
                      .lr = lr,
                      .step = step,
                      .key = key,
                      .first_row = begin};
    const auto block = [&](size_t item, size_t) {
      const size_t first = item * plan_.block_rows;
      RunBlock(batch, first, std::min(rows, first + plan_.block_rows));
    };
    const auto tile = [&](size_t item, size_t worker) {
      RunTile(batch, plan_.tiles[item], worker);
    };
    const size_t blocks = (rows + plan_.block_rows - 1) / plan_.block_rows;
    if (plan_.parallel) {
      threads_.Run(blocks, block);
      threads_.Run(plan_.tiles.size(), tile);
    } else {
      for (size_t item = 0; item < blocks; ++item) block(item, 0);
      for (size_t item = 0; item < plan_.tiles.size(); ++item) tile(item, 0);
    }
    // One chain in row order, so that no chunk or thread shows in the figure.
    for (size_t r = 0; r < rows; ++r) {
      loss_sum += row_losses_[r];
      figures.right += row_right_[r];
    }
  }
  figures.loss = loss_.Weight(order.size()) * loss_sum;
  return figures;
}

template <typename T>
void Step<T>::RunBlock(const Batch& batch, size_t begin, size_t end) {
  const std::span<const uint32_t> order = batch.order.subspan(begin, end - begin);
  GatherInputs(samples_, order, inputs_.view().Rows(begin, end));
  GatherTargets(samples_, order, labels_.data() + begin, target_values_.view().Rows(begin, end));
  Forward(batch, begin, end);
  Judge(batch, begin, end);
  Backward(batch, begin, end);
}

template <typename T>
void Step<T>::Forward(const Batch& batch, size_t begin, size_t end) {
  Matrix<const T> x = inputs_.view().Rows(begin, end);
  for (size_t i = 0; i < network_.layers().size(); ++i) {
    const Matrix<T> y = outputs_[i].view().Rows(begin, end);
    network_.layers()[i].layer->Forward({.x = x,
                                         .y = y,
                                         .saved = saved_[i].view().Rows(begin, end),
                                         .parameters = network_.views(i),
                                         .training = true,
                                         .key = Key(batch.key, {i}),
                                         .first_row = batch.first_row + begin});
    x = y;
  }
}

template <typename T>
void Step<T>::Judge(const Batch& batch, size_t begin, size_t end) {
  const Matrix<const T> z = outputs_.back().view().Rows(begin, end);
  const bool classes = samples_.classes > 0;
  const Targets<T> targets{
      classes ? labels_.data() + begin : nullptr,
      classes ? Matrix<const T>{} : Matrix<const T>(target_values_.view().Rows(begin, end))};
  loss_.Rows(z, targets, batch.rows, row_losses_.data() + begin,
             output_gradients_.back().view().Rows(begin, end));
  for (size_t r = 0; r < z.rows; ++r) {
    row_right_[begin + r] =
        classes && ArgMax(z.Row(r), z.cols) == static_cast<size_t>(targets.labels[r]);
  }
}

template <typename T>
void Step<T>::Backward(const Batch& batch, size_t begin, size_t end) {
  for (size_t i = network_.layers().size() - 1; i > plan_.first_trained; --i) {
    network_.layers()[i].layer->Backward({.x = outputs_[i - 1].view().Rows(begin, end),
                                          .y = outputs_[i].view().Rows(begin, end),
                                          .dy = output_gradients_[i].view().Rows(begin, end),
                                          .dx = output_gradients_[i - 1].view().Rows(begin, end),
                                          .saved = saved_[i].view().Rows(begin, end),
                                          .parameters = network_.views(i),
                                          .key = Key(batch.key, {i}),
                                          .first_row = batch.first_row + begin});
  }
}

template <typename T>
Matrix<T> Step<T>::TileGradient(const Tile& tile, size_t worker) const {
  if (!gradients_.empty()) {
    return gradients_[tile.parameter].view().Rows(tile.begin, tile.end);
  }
  const Matrix<T> value = network_.parameters()[tile.parameter].value.view();
  return {tile_gradients_[worker].data(), tile.end - tile.begin, value.cols, value.stride};
}

template <typename T>
void Step<T>::RunTile(const Batch& batch, const Tile& tile, size_t worker) {
  const Parameter<T>& parameter = network_.parameters()[tile.parameter];
  const size_t layer = parameter.layer;
  const size_t rows = batch.order.size();
  const Matrix<T> gradient = TileGradient(tile, worker);
  const Matrix<T> x = layer == 0 ? inputs_.view() : outputs_[layer - 1].view();
  network_.layers()[layer].layer->Gradient({.x = x.Rows(0, rows),
                                            .dy = output_gradients_[layer].view().Rows(0, rows),
                                            .saved = saved_[layer].view().Rows(0, rows),
                                            .parameter = parameter.index,
                                            .begin = tile.begin,
                                            .gradient = gradient,
                                            .accumulate = !batch.first_chunk});
  if (batch.last_chunk) Update(batch, tile, gradient);
}

template <typename T>
void Step<T>::Update(const Batch& batch, const Tile& tile, Matrix<T> gradient) {
  Parameter<T>& parameter = network_.parameters()[tile.parameter];
  const Matrix<T> value = parameter.value.view().Rows(tile.begin, tile.end);
  const size_t size = value.rows * value.stride;
  if (parameter.divide_by_batch) {
    const T factor = static_cast<T>(1.0 / static_cast<double>(batch.rows));
    for (size_t i = 0; i < size; ++i) gradient.data[i] *= factor;
  }
  T* states[kMostStates];
  for (size_t s = 0; s < states_[tile.parameter].size(); ++s) {
    states[s] = states_[tile.parameter][s].view().Row(tile.begin);
  }
  // Rows of a tile are whole, so its numbers and their padding are one piece of memory.
  optimizer_.Update({.value = value.data,
                     .gradient = gradient.data,
                     .states = states,
                     .size = size,
                     .lr = batch.lr,
                     .step = batch.step});
  network_.Mirror(tile.parameter, tile.begin, tile.end);
}

template class Step<float>;
template class Step<double>;

}  // namespace nabla
