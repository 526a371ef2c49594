#include "framework/engine/timed_step.h"

#include <algorithm>
#include <utility>

#include "framework/engine/rows.h"

namespace nabla {
namespace {

// Seconds that one look at the clock takes: the best of a few tries, each the mean of many looks.
template <typename Clock>
double LookSeconds() {
  constexpr int kLooks = 1000;
  double best = 1;
  for (int i = 0; i < 10; ++i) {
    const auto start = Clock::now();
    for (int look = 1; look < kLooks; ++look) Clock::now();
    const std::chrono::duration<double> taken = Clock::now() - start;
    best = std::min(best, taken.count() / kLooks);
  }
  return best;
}

}  // namespace

template <typename T>
TimedStep<T>::TimedStep(Step<T>& step) : step_(step), look_seconds_(LookSeconds<Clock>()) {
  Take();
}

template <typename T>
StepTimes TimedStep<T>::Take() {
  StepTimes fresh;
  fresh.layers.resize(step_.network_.layers().size());
  return std::exchange(times_, std::move(fresh));
}

template <typename T>
void TimedStep<T>::Charge(double* account) {
  const Clock::time_point now = Clock::now();
  *account += std::max(0.0, std::chrono::duration<double>(now - last_).count() - look_seconds_);
  last_ = now;
}

template <typename T>
LayerTimes& TimedStep<T>::TimesOf(const Tile& tile) {
  return times_.layers[step_.network_.parameters()[tile.parameter].layer];
}

template <typename T>
BatchMetrics TimedStep<T>::Train(std::span<const uint32_t> order, double lr, int64_t step,
                                 uint64_t key, uint64_t picture_key) {
  last_ = Clock::now();
  const double penalty = step_.options_.penalties.Shown(false, order.size());  // before the update
  Charge(&times_.loss);
  const Chunk whole{.order = order,
                    .rows = order.size(),
                    .weight = WeightOf(step_.samples_, order, step_.options_.class_weights),
                    .lr = lr,
                    .step = step,
                    .key = key,
                    .picture_key = picture_key};
  const auto phases = [this](const Chunk& chunk) {
    PhaseA(chunk);
    PhaseB(chunk);
  };
  const ShardMetrics sums = step_.walk_.Run(whole, step_.row_metrics_, phases,
                                            [this](size_t rows) { step_.NoteNonFinite(rows); });
  BatchMetrics metrics = step_.Metrics(whole, sums);
  metrics.loss += penalty;
  Charge(&times_.loss);
  return metrics;
}

template <typename T>
template <typename F>
void TimedStep<T>::ForBlocks(const Chunk& chunk, F&& body) {
  const size_t height = step_.items().block_rows;
  for (size_t begin = 0; begin < chunk.order.size(); begin += height) {
    body(Rows{begin, std::min(chunk.order.size(), begin + height), 0});
  }
}

template <typename T>
void TimedStep<T>::PhaseA(const Chunk& chunk) {
  const size_t depth = step_.network_.layers().size();
  const std::vector<size_t>& cuts = step_.plan_.coupled;
  for (size_t k = 0; k < cuts.size(); ++k) {
    ForBlocks(chunk, [&](const Rows& rows) {
      if (k == 0) Gather(chunk, rows);
      Forward(chunk, rows, k == 0 ? 0 : cuts[k - 1], cuts[k]);
    });
    step_.ComputeBatchStatistics(chunk, k, false);
    Charge(&times_.layers[cuts[k]].forward);
  }
  ForBlocks(chunk, [&](const Rows& rows) {
    if (cuts.empty()) Gather(chunk, rows);
    Forward(chunk, rows, cuts.empty() ? 0 : cuts.back(), depth);
    ComputeLoss(chunk, rows);
    Backward(chunk, rows, depth - 1, cuts.empty() ? 0 : cuts.back() + 1);
  });
  for (size_t k = cuts.size(); k-- > 0;) {
    step_.ComputeBatchStatistics(chunk, k, true);
    Charge(&times_.layers[cuts[k]].backward);
    ForBlocks(chunk, [&](const Rows& rows) {
      Backward(chunk, rows, cuts[k], k == 0 ? 0 : cuts[k - 1] + 1);
    });
  }
}

template <typename T>
void TimedStep<T>::Gather(const Chunk& chunk, const Rows& rows) {
  step_.Gather(chunk, rows);
  Charge(&times_.gather);
}

template <typename T>
void TimedStep<T>::Forward(const Chunk& chunk, const Rows& rows, size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) {
    step_.Forward(chunk, rows, i, i + 1);
    Charge(&times_.layers[i].forward);
  }
}

template <typename T>
void TimedStep<T>::ComputeLoss(const Chunk& chunk, const Rows& rows) {
  step_.ComputeLoss(chunk, rows);
  Charge(&times_.loss);
}

template <typename T>
void TimedStep<T>::Backward(const Chunk& chunk, const Rows& rows, size_t first, size_t last) {
  const size_t lowest = step_.plan_.first_trained;
  for (size_t i = first + 1; i-- > std::max(last, lowest);) {
    if (step_.network_.layers()[i].parameter_count > 0) {
      step_.AddBlockwiseGradient(rows, i);
      Charge(&times_.layers[i].gradient);
    }
    if (i == lowest) continue;
    step_.BackwardLayer(chunk, rows, i);
    step_.AddSkips(rows, i - 1);
    Charge(&times_.layers[i].backward);
  }
}

template <typename T>
void TimedStep<T>::PhaseB(const Chunk& chunk) {
  const bool norm = step_.clipping_.norm > 0;
  const std::vector<Tile>& tiles = step_.items().tiles;
  for (size_t item = 0; item < tiles.size(); ++item) {
    const Matrix<T> gradient = step_.TileGradient(tiles[item], 0);
    const bool whole = step_.FindWholeGradient(chunk, item, gradient, 0);
    Charge(&TimesOf(tiles[item]).gradient);
    if (!whole) continue;
    step_.FinishGradient(chunk, tiles[item], gradient);
    if (!norm) step_.Update(chunk, tiles[item], gradient);
    Charge(&TimesOf(tiles[item]).update);
  }
  if (!norm || !step_.walk_.EndsBatch(chunk)) return;
  const T factor = step_.NormFactor();
  for (const Tile& tile : tiles) {
    const Matrix<T> gradient = step_.TileGradient(tile, 0);
    step_.ScaleGradient(gradient, factor);
    step_.Update(chunk, tile, gradient);
    Charge(&TimesOf(tile).update);
  }
}

template class TimedStep<float>;
template class TimedStep<double>;

}  // namespace nabla
