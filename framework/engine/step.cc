#include "framework/engine/step.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "framework/base/error.h"
#include "framework/base/philox.h"

namespace nabla {

template <typename T>
Step<T>::Step(Network<T>& network, const Loss<T>& loss, const Optimizer<T>& optimizer,
              const Samples& samples, size_t batch_rows, Threads& threads, Plan plan,
              const Clipping& clipping, const Augmentation& augmentation, const Sharding& sharding,
              StepOptions<T> options)
    : network_(network),
      loss_(loss),
      optimizer_(optimizer),
      samples_(samples),
      batch_rows_(batch_rows),
      threads_(threads),
      plan_(std::move(plan)),
      tuner_(plan_.mode),
      clipping_(clipping),
      augmentation_(augmentation),
      options_(std::move(options)),
      walk_(network, plan_, sharding, batch_rows),
      sparse_(network.TakesSparse(samples) && !augmentation.Any()),
      byte_table_(MakeByteTable<T>(samples.normalization)),
      row_metrics_(std::min(sharding.RankRows(batch_rows), plan_.chunk_rows)) {
  if (optimizer.States() > kMostStates) {
    throw InputError("optimizer has " + std::to_string(optimizer.States()) +
                     " state arrays; a step supports at most " + std::to_string(kMostStates));
  }
  const size_t rows = std::min(sharding.RankRows(batch_rows), plan_.chunk_rows);
  inputs_ = OwnedMatrix<T>(sparse_ ? 0 : rows, samples.shape.size());
  for (const NetworkLayer<T>& layer : network.layers()) {
    outputs_.emplace_back(rows, layer.output.size());
    output_gradients_.emplace_back(rows, layer.output.size());
    saved_.emplace_back(rows, layer.saved_per_row);
    statistics_.emplace_back(layer.channels, layer.statistics);
  }
  labels_.resize(rows);
  const bool binary = IsBinary(network.output(), samples.classes);
  target_values_ = OwnedMatrix<T>(rows, binary ? 1 : samples.values_per_row);
  if (options_.shown != nullptr) shown_gradients_ = OwnedMatrix<T>(rows, network.output().size());
  const size_t gradient_blocks = (rows + kGradientRows - 1) / kGradientRows;
  for (const Parameter<T>& p : network.parameters()) {
    const Matrix<T> value = p.value.view();
    mutable_values_.push_back(value);
    blockwise_gradients_.emplace_back(p.blockwise_gradient ? gradient_blocks * value.rows : 0,
                                      value.cols);
    std::vector<OwnedMatrix<T>>& states = states_.emplace_back();
    row_squares_.emplace_back(value.rows);
    for (size_t s = 0; s < optimizer.States(); ++s) states.emplace_back(value.rows, value.cols);
  }
  const bool folded = sparse_ && byte_table_.zero != 0;
  // Evaluations take sparse rows even where augmented ones are dense.
  if (network.TakesSparse(samples) && byte_table_.zero != 0) network.KeepSegmentSums();
  const size_t most_tiles = std::max(plan_.alone.tiles.size(), plan_.shared.tiles.size());
  for (size_t tile = 0; tile < most_tiles; ++tile) {
    column_sums_.emplace_back(folded ? network.parameters().front().value.view().cols : 0);
  }
  for (size_t worker = 0; worker < threads.count(); ++worker) {
    tile_gradients_.emplace_back(std::max(plan_.alone.tile_numbers, plan_.shared.tile_numbers));
    scratch_.emplace_back(network.scratch());
    if (augmentation.Any()) pictures_.emplace_back(samples.shape.size());
  }
  if (plan_.chunks(sharding.Rows(batch_rows)) > 1 || clipping_.norm > 0) KeepGradients();
}

template <typename T>
void Step<T>::KeepGradients() {
  if (!gradients_.empty()) return;
  for (const Parameter<T>& p : network_.parameters()) {
    gradients_.emplace_back(p.value.view().rows, p.value.view().cols);
  }
}

template <typename T>
BatchMetrics Step<T>::Train(std::span<const uint32_t> order, double lr, int64_t step, uint64_t key,
                            uint64_t picture_key) {
  using Clock = std::chrono::steady_clock;
  const bool timed = tuner_.timed();
  const Clock::time_point start = timed ? Clock::now() : Clock::time_point();
  const double penalty = options_.penalties.Shown(false, order.size());  // before the update
  const Chunk whole{.order = order,
                    .rows = order.size(),
                    .weight = WeightOf(samples_, order, options_.class_weights),
                    .lr = lr,
                    .step = step,
                    .key = key,
                    .picture_key = picture_key};
  const auto phases = [this](const Chunk& chunk) {
    PhaseA(chunk);
    PhaseB(chunk);
  };
  ShardMetrics sums =
      walk_.Run(whole, row_metrics_, phases, [this](size_t rows) { NoteNonFinite(rows); });
  // Time only full batches, and before the exchange: a short batch is quicker anyway, and waiting
  // for other ranks says nothing about our threads.
  if (order.size() == batch_rows_) {
    tuner_.Finished(timed ? std::chrono::duration<double>(Clock::now() - start).count() : 0);
  }
  sums.stop = ask_to_stop_ ? 1 : 0;
  if (walk_.among_ranks()) {
    walk_.Exchange(&sums);
    UpdateFromRanks(whole);
  }
  stop_asked_ = sums.stop > 0;
  BatchMetrics metrics = Metrics(whole, sums);
  metrics.loss += penalty;
  return metrics;
}

template <typename T>
BatchMetrics Step<T>::Metrics(const Chunk& whole, const ShardMetrics& sums) const {
  return {.loss = MeanLoss(ShownLoss(), whole.weight, sums.loss),
          .rows = whole.rows,
          .weight = whole.weight,
          .right = static_cast<size_t>(sums.right)};
}

template <typename T>
void Step<T>::NoteNonFinite(size_t rows) {
  for (size_t i = 0; i < outputs_.size() && !first_non_finite_; ++i) {
    const Matrix<const T> y = outputs_[i].view();
    for (size_t r = 0; r < rows; ++r) {
      const T* row = y.Row(r);
      if (!std::all_of(row, row + y.cols, [](T v) { return std::isfinite(v); })) {
        first_non_finite_ = i;
      }
    }
  }
}

template <typename T>
template <typename F>
void Step<T>::RunRows(const Chunk& chunk, F&& body) {
  const size_t rows = chunk.order.size();
  const size_t height = items().block_rows;
  Run((rows + height - 1) / height, [&](size_t item, size_t worker) {
    body(Rows{item * height, std::min(rows, (item + 1) * height), worker});
  });
}

// Without coupled layers this is one pass over the rows. Each coupled layer splits it once on the
// way up and once on the way down, because its statistics need all rows first.
template <typename T>
void Step<T>::PhaseA(const Chunk& chunk) {
  const size_t depth = network_.layers().size();
  const std::vector<size_t>& cuts = plan_.coupled;
  const size_t top = cuts.empty() ? 0 : cuts.back();
  for (size_t k = 0; k < cuts.size(); ++k) {
    RunRows(chunk, [&](const Rows& rows) {
      if (k == 0) Gather(chunk, rows);
      Forward(chunk, rows, k == 0 ? 0 : cuts[k - 1], cuts[k]);
    });
    ComputeBatchStatistics(chunk, k, false);
  }
  RunRows(chunk, [&](const Rows& rows) {
    if (cuts.empty()) Gather(chunk, rows);
    Forward(chunk, rows, top, depth);
    ComputeLoss(chunk, rows);
    Backward(chunk, rows, depth - 1, cuts.empty() ? 0 : top + 1);
  });
  for (size_t k = cuts.size(); k-- > 0;) {
    ComputeBatchStatistics(chunk, k, true);
    RunRows(chunk, [&](const Rows& rows) {
      Backward(chunk, rows, cuts[k], k == 0 ? 0 : cuts[k - 1] + 1);
    });
  }
}

template <typename T>
void Step<T>::ComputeBatchStatistics(const Chunk& chunk, size_t which, bool back) {
  const size_t i = plan_.coupled[which];
  const NetworkLayer<T>& placed = network_.layers()[i];
  const size_t rows = chunk.order.size();
  if (rows == 0) return;
  Run(items().channel_tiles[which].size(), [&](size_t item, size_t) {
    const ChannelTile& tile = items().channel_tiles[which][item];
    BatchStatistics<T> coupling{.shape = &placed.input,
                                .x = InputOf(i).Rows(0, rows),
                                .begin = tile.begin,
                                .end = tile.end,
                                .statistics = statistics_[i].view(),
                                .parameters = mutable_values_.data() + placed.first_parameter};
    if (back) {
      coupling.dy = output_gradients_[i].view().Rows(0, rows);
      placed.layer->ComputeGradientStatistics(coupling);
    } else {
      placed.layer->ComputeBatchStatistics(coupling);
    }
  });
}

template <typename T>
Matrix<T> Step<T>::InputOf(size_t layer) const {
  return layer == 0 ? inputs_.view() : outputs_[layer - 1].view();
}

template <typename T>
SparseRows<T> Step<T>::SparseInput(const Chunk& chunk, size_t begin, size_t end) const {
  return {samples_.sparse.get(), chunk.order.data() + begin, end - begin, byte_table_.above.data(),
          byte_table_.zero};
}

template <typename T>
void Step<T>::Gather(const Chunk& chunk, const Rows& rows) {
  const auto order = chunk.order.subspan(rows.begin, rows.end - rows.begin);
  if (!sparse_) {
    const Matrix<T> x = inputs_.view().Rows(rows.begin, rows.end);
    GatherInputs(samples_, order, x);
    for (size_t r = 0; augmentation_.Any() && r < x.rows; ++r) {
      Augment(augmentation_, Key(chunk.picture_key, {order[r]}), samples_.shape, byte_table_.zero,
              x.Row(r), pictures_[rows.worker].data());
    }
  }
  GatherTargets(samples_, order, labels_.data() + rows.begin,
                target_values_.view().Rows(rows.begin, rows.end));
}

template <typename T>
void Step<T>::Forward(const Chunk& chunk, const Rows& rows, size_t first, size_t last) {
  const SparseRows<T> sparse = SparseInput(chunk, rows.begin, rows.end);
  for (size_t i = first; i < last; ++i) {
    const NetworkLayer<T>& placed = network_.layers()[i];
    const Matrix<const T> x = InputOf(i).Rows(rows.begin, rows.end);
    const Matrix<T> y = outputs_[i].view().Rows(rows.begin, rows.end);
    if (placed.joint) {
      Join<T>(*placed.joint, x, y,
              [&](size_t source) { return InputOf(source + 1).Rows(rows.begin, rows.end); });
      continue;
    }
    placed.layer->Forward({.shape = &placed.input,
                           .x = x,
                           .sparse = i == 0 && sparse_ ? &sparse : nullptr,
                           .y = y,
                           .saved = saved_[i].view().Rows(rows.begin, rows.end),
                           .parameters = network_.views(i),
                           .statistics = statistics_[i].view(),
                           .scratch = scratch_[rows.worker].data(),
                           .training = true,
                           .key = Key(chunk.key, {i}),
                           .first_row = chunk.first_row + rows.begin});
  }
}

template <typename T>
void Step<T>::ComputeLoss(const Chunk& chunk, const Rows& rows) {
  const Matrix<const T> z = outputs_.back().view().Rows(rows.begin, rows.end);
  const bool classes = samples_.classes > 0;
  const Matrix<const T> values = target_values_.view().Rows(rows.begin, rows.end);
  const int32_t* labels = labels_.data() + rows.begin;
  const bool binary = IsBinary(network_.output(), samples_.classes);
  const bool by_value = !classes || binary;
  const Targets<T> targets{by_value ? nullptr : labels, by_value ? values : Matrix<const T>{}};
  double* losses = row_metrics_.losses.data() + rows.begin;
  loss_.Rows(z, targets, chunk.rows, losses,
             output_gradients_.back().view().Rows(rows.begin, rows.end));
  if (options_.shown != nullptr) {
    options_.shown->Rows(z, targets, chunk.rows, losses,
                         shown_gradients_.view().Rows(rows.begin, rows.end));
  }
  const bool alike = options_.class_weights.empty() && samples_.weights.empty();
  if (!alike) WeightRows(chunk, rows);
  for (size_t r = 0; r < z.rows; ++r) {
    const auto label = static_cast<size_t>(labels[r]);
    row_metrics_.right[rows.begin + r] =
        classes && (binary ? IsRight(z(r, 0), label, options_.threshold)
                           : IsFirstMaximum(z.Row(r), z.cols, label));
  }
}

// The loss has divided by the number of rows where it divides by their weight.
template <typename T>
void Step<T>::WeightRows(const Chunk& chunk, const Rows& rows) {
  const double by_rows = loss_.Weight(static_cast<double>(chunk.rows));
  const double factor = chunk.weight > 0 ? loss_.Weight(chunk.weight) / by_rows : 0;
  const Matrix<T> gradients = output_gradients_.back().view();
  for (size_t r = rows.begin; r < rows.end; ++r) {
    const double weight = RowWeight(samples_, chunk.order[r], options_.class_weights);
    row_metrics_.losses[r] *= weight;
    const T share = static_cast<T>(weight * factor);
    for (size_t c = 0; c < gradients.cols; ++c) gradients(r, c) *= share;
  }
}

template <typename T>
void Step<T>::Backward(const Chunk& chunk, const Rows& rows, size_t first, size_t last) {
  for (size_t i = first + 1; i-- > std::max(last, plan_.first_trained);) {
    AddBlockwiseGradient(rows, i);
    if (i > plan_.first_trained) BackwardLayer(chunk, rows, i);
    if (i > plan_.first_trained) AddSkips(rows, i - 1);
  }
}

template <typename T>
void Step<T>::BackwardLayer(const Chunk& chunk, const Rows& rows, size_t i) {
  const NetworkLayer<T>& placed = network_.layers()[i];
  const Matrix<const T> dy = output_gradients_[i].view().Rows(rows.begin, rows.end);
  const Matrix<T> dx = output_gradients_[i - 1].view().Rows(rows.begin, rows.end);
  if (placed.joint) {
    // Of a sum, x is a summand. Others do not use x; what their sources get is added below.
    const bool sum = placed.joint->kind == JointKind::kSum;
    for (size_t r = 0; r < dx.rows; ++r) {
      if (sum) std::copy_n(dy.Row(r), dy.cols, dx.Row(r));
      if (!sum) std::fill_n(dx.Row(r), dx.cols, T{0});
    }
    return;
  }
  placed.layer->Backward({.shape = &placed.input,
                          .x = InputOf(i).Rows(rows.begin, rows.end),
                          .y = outputs_[i].view().Rows(rows.begin, rows.end),
                          .dy = dy,
                          .dx = dx,
                          .saved = saved_[i].view().Rows(rows.begin, rows.end),
                          .parameters = network_.views(i),
                          .statistics = statistics_[i].view(),
                          .scratch = scratch_[rows.worker].data(),
                          .key = Key(chunk.key, {i}),
                          .first_row = chunk.first_row + rows.begin});
}

// Adds the gradients that joints carry directly to the output of `source`.
template <typename T>
void Step<T>::AddSkips(const Rows& rows, size_t source) {
  const Matrix<T> d = output_gradients_[source].view().Rows(rows.begin, rows.end);
  for (size_t i = source + 1; i < network_.layers().size(); ++i) {
    const std::optional<Joint>& joint = network_.layers()[i].joint;
    if (!joint) continue;
    const Matrix<T> dy = output_gradients_[i].view().Rows(rows.begin, rows.end);
    size_t column = 0;  // of dy, where the source begins
    for (const size_t each : joint->sources) {
      const size_t width = InputOf(each + 1).cols;
      if (each == source) AddRows<T>(d, dy.Cols(column, column + width), d);
      column += width;
    }
  }
}

template <typename T>
void Step<T>::AddBlockwiseGradient(const Rows& rows, size_t i) {
  const NetworkLayer<T>& placed = network_.layers()[i];
  for (size_t k = 0; k < placed.parameter_count; ++k) {
    const Parameter<T>& parameter = network_.parameters()[placed.first_parameter + k];
    if (!parameter.blockwise_gradient || parameter.frozen) continue;
    const size_t height = parameter.value.view().rows;
    for (size_t begin = rows.begin; begin < rows.end; begin += kGradientRows) {
      const size_t end = std::min(rows.end, begin + kGradientRows);
      const size_t block = begin / kGradientRows;
      placed.layer->Gradient(
          {.shape = &placed.input,
           .x = InputOf(i).Rows(begin, end),
           .dy = output_gradients_[i].view().Rows(begin, end),
           .saved = saved_[i].view().Rows(begin, end),
           .statistics = statistics_[i].view(),
           .scratch = scratch_[rows.worker].data(),
           .parameter = k,
           .gradient = blockwise_gradients_[placed.first_parameter + k].view().Rows(
               block * height, (block + 1) * height)});
    }
  }
}

template class Step<float>;
template class Step<double>;

}  // namespace nabla
