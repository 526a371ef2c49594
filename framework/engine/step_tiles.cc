// Phase B of a step: tiles of parameters.
#include <algorithm>
#include <cmath>

#include "framework/engine/rows.h"
#include "framework/engine/step.h"

namespace nabla {

// Clipping by norm needs every gradient before the first update, and so one more barrier.
template <typename T>
void Step<T>::PhaseB(const Chunk& chunk) {
  const bool norm = clipping_.norm > 0;
  Run(items().tiles.size(), [&](size_t item, size_t worker) {
    const Tile& tile = items().tiles[item];
    const Matrix<T> gradient = TileGradient(tile, worker);
    if (!FindWholeGradient(chunk, item, gradient, worker)) return;
    FinishGradient(chunk, tile, gradient);
    if (!norm) Update(chunk, tile, gradient);
  });
  if (norm && walk_.EndsBatch(chunk)) ClipAndUpdate(chunk);
}

template <typename T>
bool Step<T>::FindWholeGradient(const Chunk& chunk, size_t item, Matrix<T> gradient,
                                size_t worker) {
  bool whole = false;
  for (size_t k = 0; k < chunk.shards; ++k) {
    FindGradient(chunk, walk_.ShardRows(chunk, k), item, gradient, worker);
    whole = walk_.AddTile(chunk, k, items().tiles[item], gradient);
  }
  return whole;
}

template <typename T>
void Step<T>::UpdateFromRanks(const Chunk& whole) {
  const bool norm = clipping_.norm > 0;
  Run(items().tiles.size(), [&](size_t item, size_t worker) {
    const Tile& tile = items().tiles[item];
    const Matrix<T> gradient = TileGradient(tile, worker);
    walk_.TakeTile(tile, gradient);
    FinishGradient(whole, tile, gradient);
    if (!norm) Update(whole, tile, gradient);
  });
  if (norm) ClipAndUpdate(whole);
}

template <typename T>
void Step<T>::ClipAndUpdate(const Chunk& chunk) {
  const T factor = NormFactor();
  Run(items().tiles.size(), [&](size_t item, size_t worker) {
    const Tile& tile = items().tiles[item];
    const Matrix<T> gradient = TileGradient(tile, worker);
    ScaleGradient(gradient, factor);
    Update(chunk, tile, gradient);
  });
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
void Step<T>::SumBlockwiseGradients(const Chunk& chunk, const Tile& tile,
                                    Matrix<T> gradient) const {
  const size_t height = network_.parameters()[tile.parameter].value.view().rows;
  const Matrix<T> all = blockwise_gradients_[tile.parameter].view();
  const size_t blocks = (chunk.order.size() + kGradientRows - 1) / kGradientRows;
  if (chunk.first_chunk) std::fill_n(gradient.data, gradient.rows * gradient.stride, T{0});
  for (size_t block = 0; block < blocks; ++block) {
    AddRows<T>(gradient, all.Rows(block * height + tile.begin, block * height + tile.end),
               gradient);
  }
}

template <typename T>
void Step<T>::FindGradient(const Chunk& chunk, const RowSpan& span, size_t item, Matrix<T> gradient,
                           size_t worker) {
  const Tile& tile = items().tiles[item];
  const Parameter<T>& parameter = network_.parameters()[tile.parameter];
  if (parameter.blockwise_gradient) return SumBlockwiseGradients(chunk, tile, gradient);
  const size_t i = parameter.layer;
  if (span.begin == span.end) {
    std::fill_n(gradient.data, gradient.rows * gradient.stride, T{0});
    return;
  }
  const SparseRows<T> sparse = SparseInput(chunk, span.begin, span.end);
  const Matrix<const T> dy = output_gradients_[i].view();
  network_.layers()[i].layer->Gradient({.shape = &network_.layers()[i].input,
                                        .x = InputOf(i).Rows(span.begin, span.end),
                                        .sparse = i == 0 && sparse_ ? &sparse : nullptr,
                                        .dy = dy.Rows(span.begin, span.end),
                                        .saved = saved_[i].view().Rows(span.begin, span.end),
                                        .statistics = statistics_[i].view(),
                                        .scratch = scratch_[worker].data(),
                                        .parameter = parameter.index,
                                        .begin = tile.begin,
                                        .gradient = gradient,
                                        .accumulate = !chunk.first_chunk,
                                        .last = chunk.last_chunk,
                                        .column_sums = column_sums_[item].data()});
}

template <typename T>
void Step<T>::FinishGradient(const Chunk& chunk, const Tile& tile, Matrix<T> gradient) {
  const size_t size = gradient.rows * gradient.stride;
  const Parameter<T>& parameter = network_.parameters()[tile.parameter];
  if (parameter.divide_by_batch) {
    const T factor = static_cast<T>(1.0 / static_cast<double>(chunk.rows));
    for (size_t i = 0; i < size; ++i) gradient.data[i] *= factor;
  }
  if (options_.share_bias_gradients && parameter.name.ends_with(".bias")) ShareGradient(gradient);
  options_.penalties.AddGradient(tile.parameter, tile.begin, chunk.rows, gradient);
  if (clipping_.value > 0) {
    const T limit = static_cast<T>(clipping_.value);
    for (size_t i = 0; i < size; ++i) {
      gradient.data[i] = std::min(std::max(gradient.data[i], -limit), limit);
    }
  }
  if (clipping_.norm == 0) return;
  for (size_t r = 0; r < gradient.rows; ++r) {
    double sum = 0;
    for (size_t c = 0; c < gradient.cols; ++c) {
      const double g = static_cast<double>(gradient(r, c));
      sum += g * g;
    }
    row_squares_[tile.parameter][tile.begin + r] = sum;
  }
}

// A bias is one row, so its tile has all units.
template <typename T>
void Step<T>::ShareGradient(Matrix<T> gradient) {
  double sum = 0;
  for (size_t c = 0; c < gradient.cols; ++c) sum += static_cast<double>(gradient(0, c));
  std::fill_n(gradient.data, gradient.cols, static_cast<T>(sum));
}

// Adds rows in the order of the network, so that tiles do not change the bits of the norm.
template <typename T>
T Step<T>::NormFactor() const {
  double sum = 0;
  for (const std::vector<double>& rows : row_squares_) {
    for (const double square : rows) sum += square;
  }
  return static_cast<T>(std::min(1.0, clipping_.norm / (std::sqrt(sum) + 1e-6)));
}

template <typename T>
void Step<T>::ScaleGradient(Matrix<T> gradient, T factor) {
  for (size_t i = 0; i < gradient.rows * gradient.stride; ++i) gradient.data[i] *= factor;
}

template <typename T>
void Step<T>::Update(const Chunk& chunk, const Tile& tile, Matrix<T> gradient) {
  Parameter<T>& parameter = network_.parameters()[tile.parameter];
  const Matrix<T> value = parameter.value.view().Rows(tile.begin, tile.end);
  const size_t size = value.rows * value.stride;
  T* states[kMostStates];
  for (size_t s = 0; s < states_[tile.parameter].size(); ++s) {
    states[s] = states_[tile.parameter][s].view().Row(tile.begin);
  }
  const ParameterUpdate<T>* own =
      options_.updates.empty() ? nullptr : &options_.updates[tile.parameter];
  const bool as_all = own == nullptr || own->optimizer == nullptr;
  const Optimizer<T>& optimizer = as_all ? optimizer_ : *own->optimizer;
  // A tile has whole rows, so its elements and their padding are contiguous.
  optimizer.Update({.value = value.data,
                    .gradient = gradient.data,
                    .states = states,
                    .size = size,
                    .lr = own == nullptr ? chunk.lr : chunk.lr * own->lr_scale,
                    .step = chunk.step});
  network_.Mirror(tile.parameter, tile.begin, tile.end);
}

// step.cc instantiates the class, but does not see the definitions of these members.
#define NABLA_INSTANTIATE(T)                                                         \
  template void Step<T>::PhaseB(const Chunk&);                                       \
  template void Step<T>::UpdateFromRanks(const Chunk&);                              \
  template Matrix<T> Step<T>::TileGradient(const Tile&, size_t) const;               \
  template bool Step<T>::FindWholeGradient(const Chunk&, size_t, Matrix<T>, size_t); \
  template void Step<T>::FinishGradient(const Chunk&, const Tile&, Matrix<T>);       \
  template void Step<T>::ShareGradient(Matrix<T>);                                   \
  template T Step<T>::NormFactor() const;                                            \
  template void Step<T>::ScaleGradient(Matrix<T>, T);                                \
  template void Step<T>::Update(const Chunk&, const Tile&, Matrix<T>);
NABLA_INSTANTIATE(float)
NABLA_INSTANTIATE(double)
#undef NABLA_INSTANTIATE

}  // namespace nabla
